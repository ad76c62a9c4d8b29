import type { IEC2NodeClass } from '@kubernetes-models/karpenter/karpenter.k8s.aws/v1';
import type { Construct } from 'constructs';
import { clusterObject } from '../../cluster-object';
import type { Labels } from '../../peer';
import type { KarpenterAwsProps } from '../provisioner';
import type { NodeClassKind } from './node-pools';

/** What an EC2NodeClass says of its account; `T` is text, or an `Output` of it. */
export interface Ec2NodesInput<T> {
  readonly instanceProfile: T;
  readonly subnetIds: readonly T[];
  readonly securityGroupIds: readonly T[];
  readonly diskKeyArn: T;
  readonly diskGiB: number;
  /** @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The `spec` of an `EC2NodeClass` of `karpenter.k8s.aws/v1`, but for the image, for Bottlerocket's disks. */
export interface Ec2NodeClassSpec<T> {
  readonly instanceProfile: T;
  readonly subnetSelectorTerms: { readonly id: T }[];
  readonly securityGroupSelectorTerms: { readonly id: T }[];
  readonly associatePublicIPAddress: false;
  readonly metadataOptions: {
    readonly httpEndpoint: 'enabled';
    readonly httpTokens: 'required';
    readonly httpPutResponseHopLimit: 1;
  };
  readonly blockDeviceMappings: {
    readonly deviceName: string;
    readonly ebs: {
      readonly volumeType: 'gp3';
      readonly volumeSize: string;
      readonly encrypted: true;
      readonly kmsKeyID: T;
      readonly deleteOnTermination: true;
    };
  }[];
  readonly tags?: Record<string, string>;
}

/**
 * Subnets and security groups by their ids. Tags to discover them by would have to be written on what other
 * components own, and would let in whatever else bears them.
 */
export function ec2NodeClassSpec<T>({
  instanceProfile,
  subnetIds,
  securityGroupIds,
  diskKeyArn,
  diskGiB,
  tags,
}: Ec2NodesInput<T>): Ec2NodeClassSpec<T> {
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
    securityGroupSelectorTerms: securityGroupIds.map((id) => ({ id })),
    associatePublicIPAddress: false,
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      // One hop ends at the node: pods, a hop further, get no credentials of it.
      httpPutResponseHopLimit: 1,
    },
    // Bottlerocket's own disk, and that for images, logs and what pods write.
    blockDeviceMappings: [disk('/dev/xvda', 4), disk('/dev/xvdb', diskGiB)],
    ...(tags === undefined ? {} : { tags: { ...tags } }),
  };
}

/** Zones by their ids, which mean the same building in every account. */
export const ec2NodeClassKind: NodeClassKind = {
  group: 'karpenter.k8s.aws',
  kind: 'EC2NodeClass',
  zoneLabel: 'topology.k8s.aws/zone-id',
  zoneValue: (zone) => zone,
};

export function addEc2NodeClass(
  scope: Construct,
  name: string,
  labels: Labels,
  { bottlerocket, ...props }: KarpenterAwsProps,
  { diskGiB, userData }: { readonly diskGiB: number; readonly userData: string | undefined },
): void {
  clusterObject(scope, 'node-class', {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name, labels: { ...labels } },
    spec: {
      amiSelectorTerms: [{ alias: `bottlerocket@${bottlerocket}` }],
      ...ec2NodeClassSpec({ ...props, diskGiB }),
      ...(userData === undefined ? {} : { userData }),
    },
  } satisfies IEC2NodeClass);
}
