import { kinds } from '@manara/constructs';
import { checkNeighbour, type CloudKind, refuseArg } from '@manara/pulumi';
import { availabilityZones, type Place } from '@manara/residency';
import { type AksServingCluster, aksServingCluster } from '../aks-serving-cluster';
import { type AzureComponentArgs, commonKinds } from '../azure-component';
import { locationOf, offeredSku, skuZones, type VmSku } from './vm-sku';

export interface NodePoolArgs<P extends Place> extends AzureComponentArgs<P> {
  /** Cluster of the same place. */
  readonly cluster: AksServingCluster<NoInfer<P>>;
  /** Size of the virtual machines: `Standard_D8s_v5`. */
  readonly vmSize: string;
  /** How many there are; the cluster's autoscaler chooses between the two. */
  readonly nodes: { readonly min: number; readonly max: number };
  /**
   * Availability zones, by their number in the subscription.
   * @default - all that the region has, and of them those that `offerings` has the size in
   */
  readonly zones?: readonly string[];
  /**
   * Machines that Azure may take back, above those that it may not.
   * @default - none
   */
  readonly spot?: SpotNodes;
  /**
   * Limit of the subscription for the size's family in vCPUs, where the cluster's `quotas` do not say it:
   * what `az vm list-usage --location <region>` prints. All of the cluster's pools of the family count.
   * @default - left to Azure, which refuses the first node above it
   */
  readonly quotaVcpus?: number;
  /**
   * Labels of the nodes, besides AKS's and Manara's own.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Taints of the nodes, `key=value:Effect`.
   * @default - none
   */
  readonly taints?: readonly string[];
  /**
   * Size of a node's system disk in GiB: 64 to 2048.
   * @default 128
   */
  readonly diskGib?: number;
}

/** Spot machines of a pool. */
export interface SpotNodes {
  /** Nodes of `nodes.max` that Azure may not take back: at least 1, below `nodes.max`. */
  readonly floor: number;
  /**
   * Highest price for a machine and hour, in US dollars.
   * @default - that of a machine that Azure does not take back
   */
  readonly maxPriceUsd?: number;
}

export const poolKinds = {
  ...commonKinds,
  cluster: aksServingCluster,
  vmSize: kinds.text,
  nodes: kinds.record({ min: kinds.anyNumber, max: kinds.anyNumber }),
  zones: kinds.optional(kinds.listOf(kinds.text)),
  spot: kinds.optional(
    kinds.record({ floor: kinds.anyNumber, maxPriceUsd: kinds.optional(kinds.anyNumber) }),
  ),
  quotaVcpus: kinds.optional(kinds.anyNumber),
  labels: kinds.optional(kinds.mapOf(kinds.text)),
  taints: kinds.optional(kinds.listOf(kinds.text)),
  diskGib: kinds.optional(kinds.anyNumber),
};

/** What is worked out from the arguments. */
export interface PoolPlan {
  readonly zones: readonly string[];
  readonly diskGib: number;
  /** Takes its vCPUs of the cluster's quotas, once it is registered. */
  readonly takeVcpus: () => void;
}

/**
 * @param offerings what the subscription can have; none where nobody asked
 * @throws DeployError MANARA_ARGS naming the argument, MANARA_PLACE for a cluster of another place
 */
export function planPool(
  kind: CloudKind,
  name: string,
  args: NodePoolArgs<Place>,
  offerings: readonly VmSku[] | undefined,
): PoolPlan {
  const { cluster, place, vmSize, nodes, spot, quotaVcpus } = args;
  if (!/^Standard_\w+$/.test(vmSize)) {
    refuseArg(kind, name, 'vmSize', 'a size such as Standard_D8s_v5', vmSize);
  }
  // A part of a pool is called after it, with one letter more.
  if (args.spot !== undefined && name.length > 11) {
    refuseArg(kind, name, 'name', 'at most 11 characters for a pool with spot', name);
  }
  checkNodes(kind, name, args);
  checkTaints(kind, name, args.taints ?? []);
  checkNeighbour(kind, name, 'cluster', args, cluster);
  const sku = offeredSku({ kind, name, arg: 'vmSize', place, vmSize }, offerings);
  const stays = spot?.floor ?? nodes.max;
  const takeVcpus = cluster.vcpus.check(kind, name, 'nodes.max', {
    sku,
    nodes: stays,
    spotNodes: nodes.max - stays,
    ...(quotaVcpus === undefined ? {} : { quotaVcpus }),
  });
  const { diskGib = 128 } = args;
  if (!Number.isSafeInteger(diskGib) || diskGib < 64 || diskGib > 2048) {
    refuseArg(kind, name, 'diskGib', 'whole GiB from 64 to 2048', diskGib);
  }
  return { zones: zonesFor(kind, name, args, possibleZones(place, sku)), diskGib, takeVcpus };
}

function checkNodes(kind: CloudKind, name: string, { nodes, spot }: NodePoolArgs<Place>): void {
  const { min, max } = nodes;
  if (!Number.isSafeInteger(max) || max < 1 || max > 1000) {
    refuseArg(kind, name, 'nodes.max', 'a whole number from 1 to 1000', max);
  }
  if (!Number.isSafeInteger(min) || min < 0 || min > max) {
    refuseArg(kind, name, 'nodes.min', `a whole number from 0 to nodes.max, ${max}`, min);
  }
  if (spot === undefined) return;
  if (!Number.isSafeInteger(spot.floor) || spot.floor < 1 || spot.floor >= max) {
    refuseArg(
      kind,
      name,
      'spot.floor',
      `a whole number from 1, and below nodes.max, ${max}`,
      spot.floor,
    );
  }
  const { maxPriceUsd } = spot;
  if (maxPriceUsd !== undefined && !(maxPriceUsd > 0 && maxPriceUsd < 1000)) {
    refuseArg(kind, name, 'spot.maxPriceUsd', 'dollars an hour above 0', maxPriceUsd);
  }
}

function checkTaints(kind: CloudKind, name: string, taints: readonly string[]): void {
  const form = /^[\w./-]+=[\w.-]*:(NoSchedule|PreferNoSchedule|NoExecute)$/;
  const wrong = taints.find((taint) => !form.test(taint));
  if (wrong === undefined) return;
  refuseArg(kind, name, 'taints', 'taints such as team=fraud:NoSchedule', wrong);
}

function possibleZones(place: Place, sku: VmSku | undefined): readonly string[] {
  const ofRegion = availabilityZones(place) ?? [];
  if (sku === undefined) return ofRegion;
  const ofSku = skuZones(sku, locationOf(place));
  return ofRegion.filter((zone) => ofSku.includes(zone));
}

function zonesFor(
  kind: CloudKind,
  name: string,
  { place, vmSize, zones }: NodePoolArgs<Place>,
  possible: readonly string[],
): readonly string[] {
  if (zones === undefined) return possible;
  const wrong = zones.find((zone) => !possible.includes(zone));
  if (wrong === undefined && zones.length > 0 && new Set(zones).size === zones.length) {
    return [...zones];
  }
  const allowed =
    possible.length === 0
      ? `no zones: there are none for ${vmSize} at ${place}`
      : `different ones of ${possible.join(', ')}, which ${vmSize} has at ${place}`;
  return refuseArg(kind, name, 'zones', allowed, wrong ?? zones);
}
