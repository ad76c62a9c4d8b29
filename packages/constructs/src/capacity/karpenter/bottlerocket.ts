import { gpuFact } from '@manara/residency';
import type { GpuPlan } from '../gpu/gpu-plan';

/**
 * Settings of Bottlerocket by which its own device plugin shares GPUs, as user data that Karpenter adds to
 * its own; none where each pod has its own.
 *
 * Source: bottlerocket.dev, settings.kubelet-device-plugins, 1.54; read 2026-11.
 */
export function bottlerocketUserData({ name, sharing }: GpuPlan): string | undefined {
  switch (sharing.kind) {
    case 'none':
      return undefined;
    case 'time-slicing':
      return toml('device-sharing-strategy = "time-slicing"', 'time-slicing', [
        `replicas = ${sharing.replicas}`,
        // Karpenter looks for machines with `nvidia.com/gpu`, and knows of no `nvidia.com/gpu.shared`.
        'rename-by-default = false',
        'fail-requests-greater-than-one = true',
      ]);
    case 'mig':
      return toml('device-partitioning-strategy = "mig"', 'mig.profile', [
        `"${modelOf(name)}" = "${sharing.profile}"`,
      ]);
  }
}

function toml(strategy: string, table: string, lines: readonly string[]): string {
  const plugin = 'settings.kubelet-device-plugins.nvidia';
  return [`[${plugin}]`, strategy, '', `[${plugin}.${table}]`, ...lines, ''].join('\n');
}

/** What Bottlerocket calls a GPU: `h200.141gb`. */
function modelOf(gpu: string): string {
  const [, model = ''] = gpu.split('-');
  return `${model}.${gpuFact(gpu)?.memoryGB ?? ''}gb`;
}
