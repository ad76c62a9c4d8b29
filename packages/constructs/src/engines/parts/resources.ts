import { k8s } from 'cdk8s-plus-28';
import type { GpuRequest } from '../../capacity/placement';

/** What a container asks for. */
export interface ResourceDemand {
  readonly cpuRequestMillis: number;
  readonly cpuLimitMillis: number;
  readonly memoryBytes: number;
  /** Bytes of weights that lie on the pod's disk. */
  readonly weightsBytes: number;
}

const mebibyte = 2 ** 20;

/** Memory that is not guaranteed is memory that a neighbour's burst takes away; CPU may be lent. */
export function containerResources(
  { cpuRequestMillis, cpuLimitMillis, memoryBytes, weightsBytes }: ResourceDemand,
  gpus?: GpuRequest['container'],
): k8s.ResourceRequirements {
  const quantity = (text: string): k8s.Quantity => k8s.Quantity.fromString(text);
  // The weights twice, engines that are built from them, and some.
  const disk = Math.ceil((weightsBytes * 4) / mebibyte) + 512;
  const limits = {
    cpu: quantity(`${cpuLimitMillis}m`),
    memory: quantity(`${Math.ceil(memoryBytes / mebibyte)}Mi`),
    'ephemeral-storage': quantity(`${disk}Mi`),
    ...Object.fromEntries(
      Object.entries(gpus?.limits ?? {}).map(([name, count]) => [
        name,
        k8s.Quantity.fromNumber(count),
      ]),
    ),
  };
  return {
    requests: { ...limits, cpu: quantity(`${cpuRequestMillis}m`) },
    limits,
    ...(gpus?.claims === undefined ? {} : { claims: [...gpus.claims] }),
  };
}
