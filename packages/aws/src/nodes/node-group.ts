import type { Taint } from '@manara/constructs';
import { LaunchTemplate, PlacementGroup } from '@pulumi/aws/ec2';
import { NodeGroup } from '@pulumi/aws/eks';
import type { Input, Output, Resource } from '@pulumi/pulumi';
import type { ChildContext } from '../aws-component';
import type { PoolPlan } from './pool-plan';

/** What a cluster gives its nodes. */
export interface NodesHome {
  readonly clusterName: Output<string>;
  readonly nodeRoleArn: Output<string>;
  readonly securityGroupId: Output<string>;
  /** ARN of the key for disks. */
  readonly diskKeyArn: Output<string>;
  readonly subnetIds: Readonly<Record<string, Output<string>>>;
  /** What a node needs to become ready: the role's policies, the network. */
  readonly readyForNodes: readonly Resource[];
}

/** Smallest and largest number of nodes, over all zones. */
export interface NodeCount {
  readonly min: number;
  readonly max: number;
}

export interface NodeGroupSpec {
  /** What its resources are called. */
  readonly id: string;
  readonly plan: PoolPlan;
  readonly nodes: NodeCount;
  readonly spot: boolean;
  readonly diskGiB: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly efa: boolean;
}

const effects = {
  NoSchedule: 'NO_SCHEDULE',
  PreferNoSchedule: 'PREFER_NO_SCHEDULE',
  NoExecute: 'NO_EXECUTE',
} as const;

/** A managed node group of Bottlerocket, whose disks are encrypted and whose pods reach no metadata. */
export function addNodeGroup(
  context: ChildContext,
  home: NodesHome,
  spec: NodeGroupSpec,
): NodeGroup {
  const { region, tags, child } = context;
  const { id, plan, nodes } = spec;
  const template = addLaunchTemplate(context, home, spec);
  return new NodeGroup(
    id,
    {
      clusterName: home.clusterName,
      nodeRoleArn: home.nodeRoleArn,
      subnetIds: plan.zones.flatMap((zone) => home.subnetIds[zone] ?? []),
      amiType: amiTypeOf(plan),
      capacityType: spec.spot ? 'SPOT' : 'ON_DEMAND',
      instanceTypes: [...plan.instanceTypes],
      scalingConfig: {
        minSize: nodes.min,
        maxSize: nodes.max,
        desiredSize: nodes.min,
      },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      labels: spec.labels,
      taints: spec.taints.map(({ key, value, effect }) => ({
        key,
        ...(value === undefined ? {} : { value }),
        effect: effects[effect],
      })),
      region,
      tags,
    },
    {
      ...child,
      dependsOn: [...home.readyForNodes],
      // An autoscaler's, from then on.
      ignoreChanges: ['scalingConfig.desiredSize'],
    },
  );
}

/** Bottlerocket's NVIDIA variant has the driver and the device plugin in it. */
function amiTypeOf({ architecture, gpu }: PoolPlan): string {
  if (gpu !== undefined) return 'BOTTLEROCKET_x86_64_NVIDIA';
  return architecture === 'arm64' ? 'BOTTLEROCKET_ARM_64' : 'BOTTLEROCKET_x86_64';
}

function addLaunchTemplate(
  { region, tags, child }: ChildContext,
  { diskKeyArn, securityGroupId }: NodesHome,
  { id, plan, diskGiB, efa }: NodeGroupSpec,
): LaunchTemplate {
  const ebs = {
    encrypted: 'true',
    kmsKeyId: diskKeyArn,
    volumeType: 'gp3',
    deleteOnTermination: 'true',
  };
  const named = { ...tags, Name: id };
  return new LaunchTemplate(
    id,
    {
      updateDefaultVersion: true,
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        // One hop ends at the node: pods, a hop further, get no credentials of it.
        httpPutResponseHopLimit: 1,
      },
      // Bottlerocket's own disk, and that for images, logs and what pods write.
      blockDeviceMappings: [
        { deviceName: '/dev/xvda', ebs },
        { deviceName: '/dev/xvdb', ebs: { ...ebs, volumeSize: diskGiB } },
      ],
      ...(efa
        ? {
            networkInterfaces: efaInterfaces(plan.efaInterfaces, securityGroupId),
            placement: {
              groupName: new PlacementGroup(id, { strategy: 'cluster', region, tags }, child).name,
            },
          }
        : {}),
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: named,
      })),
      region,
      tags,
    },
    child,
  );
}

/**
 * One on each network card; those after the first carry EFA only, and take no address. EKS's own security
 * group lets EFA in and out of itself, by rules that EKS restores.
 * Source: Amazon EKS, Security group requirements: Default cluster security group; read 2026-11-22.
 */
function efaInterfaces(count: number, securityGroup: Input<string>) {
  return Array.from({ length: count }, (_, card) => ({
    networkCardIndex: card,
    deviceIndex: card === 0 ? 0 : 1,
    interfaceType: card === 0 ? 'efa' : 'efa-only',
    associatePublicIpAddress: 'false',
    deleteOnTermination: 'true',
    securityGroups: [securityGroup],
  }));
}
