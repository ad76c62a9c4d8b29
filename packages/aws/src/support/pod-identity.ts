import { kinds } from '@manara/constructs';
import { checkArgs, type CloudKind, refuseArg } from '@manara/pulumi';
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

/** Names of Kubernetes, and so of the role that is called after them. */
const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws DeployError MANARA_ARGS for what names no service account */
export function checkServiceAccount(
  kind: CloudKind,
  name: string,
  { namespace, serviceAccount }: ServiceAccount,
): void {
  const names = { namespace, serviceAccount };
  checkArgs(kind, name, names, { namespace: kinds.text, serviceAccount: kinds.text });
  for (const [arg, value] of Object.entries(names)) {
    if (dnsLabel.test(value)) continue;
    refuseArg(
      kind,
      name,
      arg,
      'a name of at most 63 lower-case letters, digits and "-"; a role is for one service account',
      value,
    );
  }
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

/** What a component lets pods do with it. */
export interface Grant {
  /** What such pods are called: `reader`. */
  readonly role: string;
  /** What they do, before the component's name: `Reads`. */
  readonly does: string;
  readonly statements: readonly Statement[];
}

/**
 * Lets the pods of a service account of a cluster do something with a component.
 *
 * @returns the role's ARN
 * @throws DeployError MANARA_ARGS for what names no service account
 */
export function grantToServiceAccount(
  kind: CloudKind,
  context: ChildContext,
  cluster: IdentityCluster & { readonly name: string },
  to: ServiceAccount,
  { role, does, statements }: Grant,
): Output<string> {
  const { name } = context;
  const { namespace, serviceAccount } = to;
  checkServiceAccount(kind, name, to);
  return grantToPods(
    context,
    `${name}-${role}-${cluster.name}-${namespace}-${serviceAccount}`,
    {
      ...to,
      cluster,
      description: `${does} ${name} for ${namespace}/${serviceAccount} of ${cluster.name}`,
      namePrefix: `${name}-${role}-`,
    },
    statements,
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
