import { AccessEntry, AccessPolicyAssociation, type Cluster } from '@pulumi/aws/eks';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import type { Input } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';

/** Roles in a cluster, and the access policies of EKS that they are. */
export const accessRoles = {
  'cluster-admin': 'AmazonEKSClusterAdminPolicy',
  admin: 'AmazonEKSAdminPolicy',
  edit: 'AmazonEKSEditPolicy',
  view: 'AmazonEKSViewPolicy',
} as const;

/** What somebody may do in a cluster. */
export interface AccessGrant {
  /** ARN of the IAM role or user. */
  readonly principalArn: Input<string>;
  readonly role: keyof typeof accessRoles;
  /**
   * Namespaces that it is limited to.
   * @default - all of the cluster
   */
  readonly namespaces?: readonly string[];
}

/** Lets these, and nobody else, into a cluster. */
export function addAccess(
  { name, region, tags, child }: ChildContext,
  cluster: Cluster,
  access: Readonly<Record<string, AccessGrant>>,
): readonly AccessPolicyAssociation[] {
  return Object.entries(access).map(([who, { principalArn, role, namespaces }]) => {
    const entry = new AccessEntry(
      `${name}-${who}`,
      { clusterName: cluster.name, principalArn, type: 'STANDARD', region, tags },
      child,
    );
    return new AccessPolicyAssociation(
      `${name}-${who}`,
      {
        clusterName: cluster.name,
        principalArn,
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${accessRoles[role]}`,
        accessScope:
          namespaces === undefined
            ? { type: 'cluster' }
            : { type: 'namespace', namespaces: [...namespaces] },
        region,
      },
      { ...child, dependsOn: [entry] },
    );
  });
}

/** Lets these ranges reach the API, which by itself answers the nodes alone. */
export function addApiClients(
  { name, region, tags, child }: ChildContext,
  cluster: Cluster,
  ranges: readonly string[],
): void {
  for (const cidrIpv4 of ranges) {
    new SecurityGroupIngressRule(
      `${name}-api-${cidrIpv4.replace('/', '-')}`,
      {
        description: 'API of the cluster',
        securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
        cidrIpv4,
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        region,
        tags,
      },
      child,
    );
  }
}
