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
export interface KarpenterNodeClassSpec {
  readonly instanceProfile: Output<string>;
  readonly subnetSelectorTerms: readonly { readonly id: Output<string> }[];
  readonly securityGroupSelectorTerms: readonly { readonly id: Output<string> }[];
  readonly associatePublicIPAddress: false;
  readonly metadataOptions: {
    readonly httpEndpoint: 'enabled';
    readonly httpTokens: 'required';
    readonly httpPutResponseHopLimit: 1;
  };
  readonly blockDeviceMappings: readonly {
    readonly deviceName: string;
    readonly ebs: {
      readonly volumeType: 'gp3';
      readonly volumeSize: string;
      readonly encrypted: true;
      readonly kmsKeyID: Output<string>;
      readonly deleteOnTermination: true;
    };
  }[];
  readonly tags: Readonly<Record<string, string>>;
}

interface NodeClassInput {
  readonly instanceProfile: Output<string>;
  readonly subnetIds: readonly Output<string>[];
  readonly securityGroupId: Output<string>;
  readonly diskKeyArn: Output<string>;
  readonly diskGiB: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Subnets and security group by their ids. Tags to discover them by would have to be written on what other
 * components own, and would let in whatever else bears them.
 */
export function nodeClassSpec({
  instanceProfile,
  subnetIds,
  securityGroupId,
  diskKeyArn,
  diskGiB,
  tags,
}: NodeClassInput): KarpenterNodeClassSpec {
  const disk = (deviceName: string, gib: number) => ({
    deviceName,
    ebs: {
      volumeType: 'gp3',
      volumeSize: `${gib}Gi`,
      encrypted: true,
      kmsKeyID: diskKeyArn,
      deleteOnTermination: true,
    } as const,
  });
  return {
    instanceProfile,
    subnetSelectorTerms: subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: [{ id: securityGroupId }],
    associatePublicIPAddress: false,
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      // One hop ends at the node: pods, a hop further, get no credentials of it.
      httpPutResponseHopLimit: 1,
    },
    // Bottlerocket's own disk, and that for images, logs and what pods write.
    blockDeviceMappings: [disk('/dev/xvda', 4), disk('/dev/xvdb', diskGiB)],
    tags,
  };
}
