import type { Key } from '@pulumi/aws/kms';
import { Role, RolePolicy, RolePolicyAttachment } from '@pulumi/aws/iam';
import type { Resource } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import { policyDocument, trustOf } from '../support/policy';

/** A role, and what must be there before it is of use. */
export interface ReadyRole {
  readonly role: Role;
  readonly policies: readonly Resource[];
}

/** What the control plane acts as. */
export function clusterRole({ name, tags, child }: ChildContext, secrets: Key): ReadyRole {
  const role = new Role(
    `${name}-cluster`,
    {
      description: `Control plane of ${name}`,
      assumeRolePolicy: trustOf('eks.amazonaws.com'),
      tags,
    },
    child,
  );
  return {
    role,
    policies: [
      new RolePolicyAttachment(
        `${name}-cluster`,
        { role: role.name, policyArn: managed('AmazonEKSClusterPolicy') },
        child,
      ),
      new RolePolicy(
        `${name}-cluster`,
        {
          role: role.name,
          policy: policyDocument({
            Sid: 'EnvelopeSecrets',
            Effect: 'Allow',
            Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:ListGrants'],
            Resource: secrets.arn,
          }),
        },
        child,
      ),
    ],
  };
}

/** What every node acts as: it joins, pulls images, and asks for the credentials of its pods. */
export function nodeRole({ name, tags, child }: ChildContext): ReadyRole {
  const role = new Role(
    `${name}-node`,
    {
      description: `Nodes of ${name}`,
      assumeRolePolicy: trustOf('ec2.amazonaws.com'),
      tags,
    },
    child,
  );
  const policies = ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'].map(
    (policy) =>
      new RolePolicyAttachment(
        `${name}-node-${policy}`,
        { role: role.name, policyArn: managed(policy) },
        child,
      ),
  );
  return { role, policies };
}

function managed(policy: string): string {
  return `arn:aws:iam::aws:policy/${policy}`;
}
