import { gpuFact, gpus } from '@manara/residency';
import { ConstructError } from '../../construct-error';

/** Most pods that one GPU is shared by: each loads its own weights into the same memory. */
const mostSlices = 48;

/** How pods share the GPUs of a node. */
export class GpuSharing {
  /** A pod has a GPU, or several, to itself. */
  static none(): GpuSharing {
    return new GpuSharing({ kind: 'none' });
  }

  /**
   * Pods take turns on a GPU: nothing keeps one from taking the memory of all, or from crashing them.
   *
   * @param replicas pods to a GPU
   * @throws ConstructError MANARA_CAPACITY for other than 2 to 48
   */
  static timeSlicing(replicas: number): GpuSharing {
    if (Number.isSafeInteger(replicas) && replicas >= 2 && replicas <= mostSlices) {
      return new GpuSharing({ kind: 'time-slicing', replicas });
    }
    throw new ConstructError(
      'MANARA_CAPACITY',
      'GpuSharing.timeSlicing',
      `replicas: expected whole pods to a GPU from 2 to ${mostSlices}; received ${String(replicas)}`,
    );
  }

  /**
   * Each GPU is partitioned into instances of one profile, which have memory and compute of their own.
   *
   * @param profile of the pool's GPU: `1g.18gb`
   * @throws ConstructError MANARA_CAPACITY for a profile that no GPU of the table has
   */
  static mig(profile: string): GpuSharing {
    const known = new Set(Object.values(gpus).flatMap(({ mig = {} }) => Object.keys(mig)));
    if (known.has(profile)) return new GpuSharing({ kind: 'mig', profile });
    throw new ConstructError(
      'MANARA_CAPACITY',
      'GpuSharing.mig',
      `profile: expected one of ${[...known].sort().join(', ')}; received ${JSON.stringify(profile)}`,
    );
  }

  private constructor(readonly mode: SharingMode) {}
}

export type SharingMode =
  | { readonly kind: 'none' }
  | { readonly kind: 'time-slicing'; readonly replicas: number }
  | { readonly kind: 'mig'; readonly profile: string };

/**
 * Pods that can each have a share of one GPU.
 *
 * @throws ConstructError MANARA_CAPACITY for a profile that this GPU has not
 */
export function sharesOf(at: string, gpu: string, { mode }: GpuSharing): number {
  if (mode.kind === 'none') return 1;
  if (mode.kind === 'time-slicing') return mode.replicas;
  const mig = gpuFact(gpu)?.mig;
  const shares =
    mig !== undefined && Object.hasOwn(mig, mode.profile) ? mig[mode.profile] : undefined;
  if (shares !== undefined) return shares;
  const able = Object.entries(gpus).flatMap(([name, fact]) => (fact.mig === undefined ? [] : name));
  const allowed =
    mig === undefined
      ? `no MIG on ${gpu}, which is not known to be partitioned; GPUs that can: ${able.join(', ')}`
      : `a profile of ${gpu}: ${Object.keys(mig).join(', ')}`;
  throw new ConstructError(
    'MANARA_CAPACITY',
    at,
    `sharing: expected ${allowed}; received "${mode.profile}"`,
  );
}
