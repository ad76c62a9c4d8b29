import type { Source } from '../source';

/** What is known of a model of GPU. */
export interface GpuFact {
  /** As its maker states it. */
  readonly memoryGB: number;
  /**
   * Profiles of Multi-Instance GPU, each with how many of them one GPU holds.
   * @default - it cannot be partitioned
   */
  readonly mig?: Readonly<Record<string, number>>;
}

/** Models of GPU by maker, model and, where there are several, memory. */
export const gpus: Readonly<Record<string, GpuFact>> = {
  'nvidia-a10': { memoryGB: 24 },
  'nvidia-a10g': { memoryGB: 24 },
  'nvidia-a30': { memoryGB: 24, mig: { '1g.6gb': 4, '2g.12gb': 2, '4g.24gb': 1 } },
  'nvidia-a100-40gb': {
    memoryGB: 40,
    mig: { '1g.5gb': 7, '1g.10gb': 4, '2g.10gb': 3, '3g.20gb': 2, '7g.40gb': 1 },
  },
  'nvidia-a100-80gb': {
    memoryGB: 80,
    mig: { '1g.10gb': 7, '1g.20gb': 4, '2g.20gb': 3, '3g.40gb': 2, '7g.80gb': 1 },
  },
  'nvidia-h100-80gb': {
    memoryGB: 80,
    mig: { '1g.10gb': 7, '1g.20gb': 4, '2g.20gb': 3, '3g.40gb': 2, '7g.80gb': 1 },
  },
  'nvidia-h100-94gb': {
    memoryGB: 94,
    mig: { '1g.12gb': 7, '1g.24gb': 4, '2g.24gb': 3, '3g.47gb': 2, '7g.94gb': 1 },
  },
  'nvidia-h200': {
    memoryGB: 141,
    mig: { '1g.18gb': 7, '1g.35gb': 4, '2g.35gb': 3, '3g.71gb': 2, '7g.141gb': 1 },
  },
  'nvidia-l4': { memoryGB: 24 },
  'nvidia-l40s': { memoryGB: 48 },
  'nvidia-t4': { memoryGB: 16 },
};

export const gpuSources: readonly Source[] = [
  {
    title:
      'NVIDIA Multi-Instance GPU User Guide: Supported GPUs (memory, what can be partitioned), Supported MIG Profiles (A30, A100; other models in proportion to their memory)',
    where: 'docs.nvidia.com/datacenter/tesla/mig-user-guide',
    standing: 'secondary',
    read: '2026-11-23',
  },
  {
    title: 'Bottlerocket, settings model: MIG profiles that are approved for each model of GPU',
    where: 'a copy of Bottlerocket on GitHub',
    standing: 'secondary',
    read: '2026-11-23',
  },
];

/** What is known of a GPU by its name; `undefined` for one that the table lacks. */
export function gpuFact(name: string): GpuFact | undefined {
  return Object.hasOwn(gpus, name) ? gpus[name] : undefined;
}
