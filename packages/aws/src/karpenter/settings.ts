import type { Ec2NodeClassSpec } from '@manara/constructs';
import type { Output } from '@pulumi/pulumi';

/** Values for Karpenter's own Helm chart. */
export interface KarpenterHelmValues {
  readonly serviceAccount: { readonly name: string };
  readonly settings: {
    readonly clusterName: Output<string>;
    readonly clusterEndpoint: Output<string>;
    readonly interruptionQueue: Output<string>;
    /** IAM and the price list have no endpoint in any network, so that Karpenter must not wait for them. */
    readonly isolatedVPC: true;
  };
}

/**
 * What an `EC2NodeClass` of `karpenter.k8s.aws/v1` says of this cluster. Its `amiSelectorTerms` are for its
 * owner to add: `[{ alias: 'bottlerocket@<version>' }]`, whose disks these are.
 */
export type KarpenterNodeClassSpec = Ec2NodeClassSpec<Output<string>>;

/**
 * What `Provisioner.karpenterAws` takes, but for the version of Bottlerocket: where the pools of
 * `@manara/pulumi` get their nodes.
 */
export interface KarpenterNodes {
  readonly instanceProfile: Output<string>;
  readonly subnetIds: readonly Output<string>[];
  readonly securityGroupIds: readonly Output<string>[];
  readonly diskKeyArn: Output<string>;
  readonly tags: Readonly<Record<string, string>>;
}
