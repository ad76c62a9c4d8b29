import type { Place } from '@manara/residency';
import { AgentPool, type AgentPoolArgs } from '@pulumi/azure-native/containerservice';
import type { ChildContext } from '../azure-component';
import type { NodePoolArgs, PoolPlan } from './pool-args';

/** What AKS puts on spot nodes itself; said here too, so that a second update changes nothing. */
const spotLabel = { 'kubernetes.azure.com/scalesetpriority': 'spot' };
const spotTaint = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';

/** What a kind of pool has of its own. */
interface PoolKind {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  readonly settings?: Pick<AgentPoolArgs, 'gpuProfile' | 'osSKU'>;
}

/** One pool, or with spot two: machines that stay, and above them those that Azure may take back. */
export function addAgentPools(
  { name, resourceGroupName, tags, child }: ChildContext,
  args: NodePoolArgs<Place>,
  { zones, diskGib }: PoolPlan,
  { labels, taints, settings = {} }: PoolKind,
): void {
  const { cluster, nodes, spot, vmSize } = args;
  const nodeLabels = { ...args.labels, 'manara.dev/pool': name, ...labels };
  const nodeTaints = [...taints, ...(args.taints ?? [])];
  const common: AgentPoolArgs = {
    resourceGroupName,
    resourceName: cluster.clusterName,
    mode: 'User',
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    osSKU: 'AzureLinux',
    vmSize,
    osDiskSizeGB: diskGib,
    vnetSubnetID: cluster.nodeSubnetId,
    ...(zones.length === 0 ? {} : { availabilityZones: [...zones] }),
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    enableAutoScaling: true,
    nodeLabels,
    nodeTaints,
    ...settings,
    tags,
  };
  // The autoscaler owns the count; it starts at the least.
  const scaled = (min: number, max: number) => ({ minCount: min, maxCount: max, count: min });
  const owned = { ...child, ignoreChanges: ['count'] };
  if (spot === undefined) {
    new AgentPool(
      name,
      {
        ...common,
        ...scaled(nodes.min, nodes.max),
        agentPoolName: name,
        upgradeSettings: { maxSurge: '10%' },
      },
      owned,
    );
    return;
  }
  new AgentPool(
    `${name}f`,
    {
      ...common,
      ...scaled(spot.floor, spot.floor),
      agentPoolName: `${name}f`,
      upgradeSettings: { maxSurge: '10%' },
    },
    owned,
  );
  new AgentPool(
    name,
    {
      ...common,
      ...scaled(Math.max(0, nodes.min - spot.floor), nodes.max - spot.floor),
      agentPoolName: name,
      scaleSetPriority: 'Spot',
      scaleSetEvictionPolicy: 'Delete',
      // Azure's way to say: up to the price of a machine that it does not take back.
      spotMaxPrice: spot.maxPriceUsd ?? -1,
      nodeLabels: { ...nodeLabels, ...spotLabel },
      nodeTaints: [...nodeTaints, spotTaint],
    },
    owned,
  );
}
