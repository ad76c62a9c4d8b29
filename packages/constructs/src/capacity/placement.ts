import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Labels } from '../peer';
import type { NodePool } from './node-pool';
import { capacityLabel, floorValue, poolLabel } from './pool-labels';
import { type Toleration, tolerationOf } from './taint';

/** The parts of a pod's spec that put it on a pool's nodes, as they stand in YAML. */
export interface Placement {
  readonly nodeSelector: Labels;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: object;
}

/**
 * What puts pods on a pool's nodes, and on those of its floor before those that the cloud may take back.
 *
 * @returns nothing where pods may run on any node
 */
export function placementOn(nodes: NodePool | undefined): Placement | undefined {
  if (nodes === undefined) return undefined;
  return {
    nodeSelector: { [poolLabel]: nodes.node.id },
    ...(nodes.taints.length === 0 ? {} : { tolerations: nodes.taints.map(tolerationOf) }),
    ...(nodes.plan.floor === undefined ? {} : { affinity: { nodeAffinity: floorFirst } }),
  };
}

/** The same for a workload of cdk8s-plus, which has names of its own for nodes, and none for a pool. */
export function placementPatches(nodes: NodePool | undefined): readonly JsonPatch[] {
  return Object.entries(placementOn(nodes) ?? {}).map(([field, value]) =>
    JsonPatch.add(`/spec/template/spec/${field}`, value),
  );
}

const floorFirst = {
  preferredDuringSchedulingIgnoredDuringExecution: [
    {
      weight: 100,
      preference: {
        matchExpressions: [{ key: capacityLabel, operator: 'In', values: [floorValue] }],
      },
    },
  ],
};

/** How a pod asks for GPUs: by counting them, or by claiming devices. */
export interface GpuRequest {
  /** For `resources` of the container that uses them. */
  readonly container: {
    readonly limits?: Readonly<Record<string, number>>;
    readonly claims?: readonly { readonly name: string }[];
  };
  /** For `resourceClaims` of the pod. */
  readonly claims?: readonly {
    readonly name: string;
    readonly resourceClaimTemplateName: string;
  }[];
}

/** Name of the claim within a pod. */
const claim = 'gpus';

/**
 * @param scope that holds the template of claims, where there is one
 * @param name of that template
 * @param count GPUs of a pod; or shares, where the pool's GPUs are shared
 */
export function requestGpus(
  scope: Construct,
  name: string,
  { gpus, node }: NodePool,
  count: number,
): GpuRequest {
  if (gpus?.devices.kind !== 'claims')
    return { container: { limits: { 'nvidia.com/gpu': count } } };
  const template = new ApiObject(scope, 'gpu-claims', {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name, labels: { [poolLabel]: node.id } },
    spec: { spec: { devices: { requests: [deviceRequest(gpus.sharing, count)] } } },
  });
  return {
    container: { claims: [{ name: claim }] },
    claims: [{ name: claim, resourceClaimTemplateName: template.name }],
  };
}

/**
 * Of the device classes that NVIDIA's DRA driver installs. Source: kubernetes-sigs/dra-driver-nvidia-gpu on
 * GitHub; read 2026-11.
 */
function deviceRequest(sharing: NonNullable<NodePool['gpus']>['sharing'], count: number): object {
  const exactly = { allocationMode: 'ExactCount', count };
  if (sharing.kind !== 'mig') {
    return { name: claim, exactly: { deviceClassName: 'gpu.nvidia.com', ...exactly } };
  }
  const expression = `device.attributes["gpu.nvidia.com"].profile == "${sharing.profile}"`;
  return {
    name: claim,
    exactly: {
      deviceClassName: 'mig.nvidia.com',
      selectors: [{ cel: { expression } }],
      ...exactly,
    },
  };
}
