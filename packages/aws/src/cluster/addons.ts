import { Addon, type Cluster } from '@pulumi/aws/eks';
import { RolePolicyAttachment } from '@pulumi/aws/iam';
import type { Resource } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import { podRole } from '../support/pod-identity';

/** Add-ons of EKS that every cluster has. */
export const addonNames = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent', 'coredns'] as const;

export type AddonName = (typeof addonNames)[number];

interface AddonsInput {
  readonly cluster: Cluster;
  readonly versions: Readonly<Partial<Record<AddonName, string>>>;
}

/** The add-ons that a node needs to become ready: they run on its own network. */
export function addNodeAddons(context: ChildContext, input: AddonsInput): readonly Resource[] {
  const { name, tags, child } = context;
  const role = podRole(`${name}-cni`, {
    cluster: { clusterName: input.cluster.name, arn: input.cluster.arn },
    namespace: 'kube-system',
    serviceAccount: 'aws-node',
    description: `Gives the pods of ${name} their addresses`,
    tags,
    child,
  });
  const policy = new RolePolicyAttachment(
    `${name}-cni`,
    { role: role.name, policyArn: 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy' },
    child,
  );
  return [
    addAddon(context, input, 'eks-pod-identity-agent'),
    addAddon(context, input, 'kube-proxy'),
    addAddon(
      context,
      input,
      'vpc-cni',
      {
        // Without it a NetworkPolicy is an object that nobody enforces.
        configurationValues: JSON.stringify({ enableNetworkPolicy: 'true' }),
        podIdentityAssociations: [{ serviceAccount: 'aws-node', roleArn: role.arn }],
      },
      [policy],
    ),
  ];
}

/** The cluster's DNS, which becomes healthy only where there are nodes. */
export function addDns(context: ChildContext, input: AddonsInput, nodes: Resource): Resource {
  return addAddon(context, input, 'coredns', {}, [nodes]);
}

function addAddon(
  { name, region, tags, child }: ChildContext,
  { cluster, versions }: AddonsInput,
  addonName: AddonName,
  more: object = {},
  dependsOn: readonly Resource[] = [],
): Addon {
  const addonVersion = versions[addonName];
  return new Addon(
    `${name}-${addonName}`,
    {
      clusterName: cluster.name,
      addonName,
      ...(addonVersion === undefined ? {} : { addonVersion }),
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
      ...more,
      region,
      tags,
    },
    { ...child, dependsOn: [...dependsOn] },
  );
}
