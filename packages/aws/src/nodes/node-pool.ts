import { gpuTaint, kinds, type Taint, taintEffects } from '@manara/constructs';
import { type CloudEnd, type CloudKind, refuseArg, storageFlow } from '@manara/pulumi';
import type { DataFlow, Place } from '@manara/residency';
import { type EksServingCluster, eksServingCluster } from '../eks-serving-cluster';
import type { ChildContext } from '../aws-component';
import { checkNodeCount, nodeCount } from './node-count';
import { addNodeGroup, type NodeCount } from './node-group';
import { type PoolPlan, planPool } from './pool-plan';

/** What the pools of every kind are given. */
export interface NodePoolArgs<P extends Place> {
  /** Cluster that the nodes join; they stand where it does. */
  readonly cluster: EksServingCluster<P>;
  /** Types that the nodes may be, of one architecture: `m7i.xlarge`. */
  readonly instanceTypes: readonly string[];
  /** On-demand nodes, over all zones. With `spot`, `min` is at least 1: the floor that is always there. */
  readonly nodes: NodeCount;
  /**
   * Spot nodes besides, which AWS may take back with two minutes' notice: `max` of them.
   * @default - none
   */
  readonly spot?: { readonly max: number };
  /**
   * Ids of the zones, some of the network's.
   * @default - all of them that offer every type
   */
  readonly availabilityZones?: readonly string[];
  /**
   * Disk for images, logs and what pods write, in GiB: 20 to 16384.
   * @default 100
   */
  readonly diskGiB?: number;
  /**
   * Labels of the nodes, besides Manara's own.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Taints of the nodes: only pods that tolerate them run there.
   * @default - none on a CPU pool; `nvidia.com/gpu=present:NoSchedule` on a GPU pool
   */
  readonly taints?: readonly Taint[];
  /**
   * Tags on every resource that takes them, besides Manara's own.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

export const poolKinds = {
  cluster: eksServingCluster,
  instanceTypes: kinds.listOf(kinds.text),
  nodes: nodeCount,
  spot: kinds.optional(kinds.record({ max: kinds.anyNumber })),
  availabilityZones: kinds.optional(kinds.listOf(kinds.text)),
  diskGiB: kinds.optional(kinds.anyNumber),
  labels: kinds.optional(kinds.mapOf(kinds.text)),
  taints: kinds.optional(
    kinds.listOf(
      kinds.record({ key: kinds.text, value: kinds.optional(kinds.text), effect: kinds.text }),
    ),
  ),
  tags: kinds.optional(kinds.mapOf(kinds.text)),
};

/** A pool that can be registered, and what then takes its vCPUs of the quota. */
export interface CheckedPool {
  readonly plan: PoolPlan;
  readonly takeVcpus: () => void;
}

/** Label of the nodes that have EFA. */
export const efaLabel = { 'manara.dev/efa': 'present' } as const;

/** @throws DeployError MANARA_ARGS naming the argument */
export function checkPool(
  kind: CloudKind,
  name: string,
  args: NodePoolArgs<Place>,
  wants: 'cpu' | 'gpu',
): CheckedPool {
  const { cluster, nodes, spot, diskGiB = 100 } = args;
  checkNodeCount(kind, name, 'nodes', nodes, spot === undefined ? 0 : 1);
  if (spot !== undefined) checkNodeCount(kind, name, 'spot', { min: 0, max: spot.max }, 0);
  checkDisk(kind, name, diskGiB);
  checkTaints(kind, name, args.taints ?? []);
  const plan = planPool({
    kind,
    name,
    arg: 'instanceTypes',
    place: cluster.place,
    instanceTypes: args.instanceTypes,
    availabilityZones: args.availabilityZones,
    networkZones: cluster.availabilityZones,
    offerings: cluster.pools.offerings,
    wants,
  });
  const [instanceType = ''] = plan.instanceTypes;
  const takeVcpus = cluster.pools.ledger.check(kind, name, [
    { instanceType, spot: false, vcpus: nodes.max * plan.vcpus },
    { instanceType, spot: true, vcpus: (spot?.max ?? 0) * plan.vcpus },
  ]);
  return { plan, takeVcpus };
}

/** @throws DeployError MANARA_ARGS for a size that no disk of a node has */
export function checkDisk(kind: CloudKind, name: string, diskGiB: number): void {
  if (Number.isSafeInteger(diskGiB) && diskGiB >= 20 && diskGiB <= 16_384) return;
  refuseArg(kind, name, 'diskGiB', 'whole GiB from 20 to 16384', diskGiB);
}

function checkTaints(kind: CloudKind, name: string, taints: readonly Taint[]): void {
  const wrong = taints.find(({ effect }) => !taintEffects.includes(effect));
  if (wrong === undefined) return;
  refuseArg(kind, name, 'taints', `effects of ${taintEffects.join(', ')}`, wrong.effect);
}

/** The groups of a pool: on-demand nodes, and spot nodes where they are asked for. */
export function addPool(
  context: ChildContext,
  { cluster, nodes, spot, diskGiB = 100, labels, taints }: NodePoolArgs<Place>,
  plan: PoolPlan,
  efa = false,
): void {
  const { name } = context;
  const group = (suffix: string, count: NodeCount, isSpot: boolean): void => {
    addNodeGroup(context, cluster.pools, {
      id: `${name}${suffix}`,
      plan,
      nodes: count,
      spot: isSpot,
      diskGiB,
      labels: {
        ...labels,
        'manara.dev/pool': name,
        ...(plan.gpu === undefined ? {} : { 'manara.dev/accelerator': plan.gpu }),
        ...(efa ? efaLabel : {}),
      },
      taints: taints ?? (plan.gpu === undefined ? [] : [gpuTaint]),
      efa,
    });
  };
  group('', nodes, false);
  if (spot !== undefined) group('-spot', { min: 0, max: spot.max }, true);
}

/** What rests on the nodes: images, logs, and what pods write. */
export function poolFlows(self: CloudEnd, { cluster }: NodePoolArgs<Place>): readonly DataFlow[] {
  return [storageFlow(self, 'disks of node pool', cluster.zone.data)];
}
