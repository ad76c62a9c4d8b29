import type { NodeDescription } from '../bed/kubelet/nodes';

/** A node in each of three zones, and one with two GPUs. */
export const meshNodes: readonly NodeDescription[] = [
  ...['a', 'b', 'c'].map((zone) => ({ name: `node-${zone}`, zone: `bed-1${zone}` })),
  {
    name: 'node-gpu',
    zone: 'bed-1a',
    labels: { 'nvidia.com/gpu.present': 'true' },
    capacity: { 'nvidia.com/gpu': '2' },
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
  },
];
