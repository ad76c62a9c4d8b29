import type { InstanceOffering } from '@manara/residency';
import { ConstructError } from '../construct-error';
import type { NodePool } from './node-pool';

/** What one pod asks of its node. */
export interface PodDemand {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** GPUs; or shares, where the pool's are shared. */
  readonly gpus: number;
}

/**
 * What a node keeps for itself at the least. Sources, read 2026-11: Karpenter, settings (7.5 % of memory are
 * taken for the hypervisor); Amazon EKS, kubelet's reserve (60 m of the first core, 10 m of the second; 255 MiB
 * and 11 MiB for each of at least 8 pods) and eviction threshold (100 MiB). The cluster's own pods come on top.
 */
const kept = { cpuMillis: 70, memoryShare: 0.075, memoryMiB: 255 + 11 * 8 + 100 };

const mebibyte = 1024 ** 2;

/**
 * Refuses pods that no node of a pool has room for, even an empty one; what barely fits is for the scheduler
 * to say.
 *
 * @param at construct path of whoever has the pods
 * @throws ConstructError MANARA_CAPACITY with what the largest node has
 */
export function checkRoom(at: string, nodes: NodePool | undefined, demand: PodDemand): void {
  if (nodes === undefined) return;
  checkAccelerator(at, nodes, demand);
  const rooms = nodes.plan.offered.map((offering) => roomOf(offering, nodes.gpus?.shares ?? 1));
  if (rooms.some((room) => isRoomFor(room, demand))) return;
  const largest = rooms.map((room, i) => `${nodes.plan.instanceTypes[i] ?? ''} ${shown(room)}`);
  throw new ConstructError(
    'MANARA_CAPACITY',
    at,
    `nodes: expected a pool with a type that has room for a pod of ${shown(demand)}; "${nodes.node.id}" has ${largest.join('; ')}`,
  );
}

function checkAccelerator(at: string, nodes: NodePool, { gpus }: PodDemand): void {
  if (gpus > 0 === (nodes.gpus !== undefined)) return;
  const [expected, received] =
    gpus > 0
      ? ['a GpuNodePool, as the pods use GPUs', 'the CpuNodePool']
      : ['a CpuNodePool, as the pods use no GPU and would keep one idle', 'the GpuNodePool'];
  throw new ConstructError(
    'MANARA_CAPACITY',
    at,
    `nodes: expected ${expected}; received ${received} "${nodes.node.id}"`,
  );
}

/** A type whose memory is not known is taken to have enough. */
function roomOf({ vcpus, memoryGiB = Infinity, gpu }: InstanceOffering, shares: number): PodDemand {
  const memoryMiB = memoryGiB * 1024 * (1 - kept.memoryShare) - kept.memoryMiB;
  return {
    cpuMillis: vcpus * 1000 - kept.cpuMillis,
    memoryBytes: Math.floor(memoryMiB) * mebibyte,
    gpus: (gpu?.count ?? 0) * shares,
  };
}

function isRoomFor(room: PodDemand, demand: PodDemand): boolean {
  return (
    room.cpuMillis >= demand.cpuMillis &&
    room.memoryBytes >= demand.memoryBytes &&
    room.gpus >= demand.gpus
  );
}

function shown({ cpuMillis, memoryBytes, gpus }: PodDemand): string {
  const memory = Number.isFinite(memoryBytes) ? [`${Math.ceil(memoryBytes / mebibyte)} MiB`] : [];
  return [`${cpuMillis / 1000} CPU`, ...memory, ...(gpus > 0 ? [`${gpus} GPU`] : [])].join(', ');
}
