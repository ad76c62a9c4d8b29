import { PodIdentityAssociation } from '@pulumi/aws/eks';
import { Role, RolePolicy } from '@pulumi/aws/iam';
import type { Input, Output } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import { policyDocument, type Statement } from './policy';

/** A service account of a cluster. */
export interface ServiceAccount {
  /** Namespace that its pods run in. */
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The part of a cluster that an identity belongs to. */
export interface IdentityCluster {
  readonly clusterName: Input<string>;
  readonly arn: Input<string>;
}

interface PodRoleOptions extends ServiceAccount {
  readonly cluster: IdentityCluster;
  readonly description: string;
  /** @default - Pulumi's own choice */
  readonly namePrefix?: string;
  readonly tags: ChildContext['tags'];
  readonly child: ChildContext['child'];
}

/** A role that the pods of one service account, in one cluster, take on through EKS Pod Identity. */
export function podRole(
  name: string,
  { cluster, namespace, serviceAccount, description, namePrefix, tags, child }: PodRoleOptions,
): Role {
  return new Role(
    name,
    {
      ...(namePrefix === undefined ? {} : { namePrefix }),
      description,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': cluster.arn,
            'aws:RequestTag/kubernetes-namespace': namespace,
            'aws:RequestTag/kubernetes-service-account': serviceAccount,
          },
        },
      }),
      tags,
    },
    child,
  );
}

/** Gives the pods of a service account a role of their own with these statements. */
export function grantToPods(
  { region, tags, child }: Pick<ChildContext, 'region' | 'tags' | 'child'>,
  name: string,
  options: Omit<PodRoleOptions, 'tags' | 'child'>,
  statements: readonly Statement[],
): Output<string> {
  const role = podRole(name, { ...options, tags, child });
  const policy = new RolePolicy(
    name,
    { role: role.name, policy: policyDocument(...statements) },
    child,
  );
  new PodIdentityAssociation(
    name,
    {
      clusterName: options.cluster.clusterName,
      namespace: options.namespace,
      serviceAccount: options.serviceAccount,
      roleArn: role.arn,
      region,
      tags,
    },
    { ...child, dependsOn: [policy] },
  );
  return role.arn;
}
