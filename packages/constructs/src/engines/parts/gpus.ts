import type { Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { type GpuRequest, placementOn, requestGpus } from '../../capacity/placement';
import { ConstructError } from '../../construct-error';
import type { Labels } from '../../peer';
import type { Workload } from '../lowering';
import { anyNumber, mapOf, optional, record, size, text } from '../../props/kinds';

/** GPUs of a pod, and which nodes it may run on. */
export interface Gpus {
  /**
   * GPUs of each pod, which it has alone.
   * @default 1
   */
  readonly count?: number;
  /**
   * Memory of one GPU; weights that do not fit are refused.
   * @default - not checked
   */
  readonly memory?: Size;
  /**
   * Labels of the nodes, such as `nvidia.com/gpu.product: NVIDIA-L4`. On a site where the endpoint has a pool,
   * the pool's nodes are taken instead.
   * @default - any node with free GPUs
   */
  readonly nodeLabels?: Labels;
  /**
   * Resource by which the cluster counts them. On a site where the endpoint has a pool, the pool knows.
   * @default 'nvidia.com/gpu'
   */
  readonly resource?: string;
}

export const gpusKind = record({
  count: optional(anyNumber),
  memory: optional(size),
  nodeLabels: optional(mapOf(text)),
  resource: optional(text),
});

/** Source: NVIDIA/k8s-device-plugin, README.md; read 2026-11. */
const nvidia = 'nvidia.com/gpu';

/** More than a machine has. */
const mostGpus = 64;

export function gpuCount({ count = 1 }: Gpus): number {
  return count;
}

/**
 * @param at class or factory
 * @throws ConstructError MANARA_ENGINE
 */
export function validateGpus(at: string, { count = 1, resource = nvidia }: Gpus): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ENGINE', at, `gpus.${message}`);
  };
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= mostGpus)) {
    refuse(`count: expected whole GPUs from 1 to ${mostGpus}; received ${count}`);
  }
  if (!/^[a-z0-9.-]+\/[\w.-]+$/.test(resource)) {
    refuse(
      `resource: expected a name such as ${nvidia} or nvidia.com/mig-1g.10gb; received "${resource}"`,
    );
  }
}

/**
 * How the pods of a workload ask for their GPUs: of a pool, as the pool gives them out.
 *
 * @param scope that holds the template of claims, where there is one
 */
export function requestedGpus(
  scope: Construct,
  { endpoint, nodes }: Workload,
  { count = 1, resource = nvidia }: Gpus,
): GpuRequest {
  if (nodes !== undefined) return requestGpus(scope, `${endpoint.name}-gpus`, nodes, count);
  return { container: { limits: { [resource]: count } } };
}

/**
 * Parts of a pod's spec, as they stand in YAML, that say where it may run: on the nodes of its pool; without
 * one, by the labels that are given, and on nodes that are kept free of all pods without GPUs, too.
 */
export function placed(
  { nodes }: Workload,
  gpus?: Gpus,
  request?: GpuRequest,
): Readonly<Record<string, unknown>> {
  return {
    ...(placementOn(nodes) ?? (gpus === undefined ? {} : gpuPlacement(gpus))),
    ...(request?.claims === undefined ? {} : { resourceClaims: request.claims }),
  };
}

function gpuPlacement({ nodeLabels = {} }: Gpus): Readonly<Record<string, unknown>> {
  return {
    ...(Object.keys(nodeLabels).length === 0 ? {} : { nodeSelector: { ...nodeLabels } }),
    tolerations: [{ key: nvidia, operator: 'Exists', effect: 'NoSchedule' }],
  };
}

/**
 * @param bytes of weights that every GPU holds
 * @throws ConstructError MANARA_ENGINE where they leave no room to run
 */
export function refuseTooLarge(at: string, gpus: Gpus, bytes: number): void {
  if (gpus.memory === undefined) return;
  const room = gpus.memory.toKibibytes() * 1024;
  if (bytes <= room) return;
  const gibibytes = (n: number): string => (n / 2 ** 30).toFixed(1);
  throw new ConstructError(
    'MANARA_ENGINE',
    at,
    `gpus.memory: each GPU holds ${gibibytes(bytes)} GiB of weights; expected as much memory at least, received ${gibibytes(room)} GiB; fix: fewer models or versions, or larger GPUs`,
  );
}
