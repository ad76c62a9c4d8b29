import type { ApiServer } from '../api-server';

/** A machine of the bed, which exists in the API server only. */
export interface NodeDescription {
  readonly name: string;
  /** @default "bed-1" */
  readonly region?: string;
  /** @default "bed-1a" */
  readonly zone?: string;
  /** Added to the usual ones, over which they go. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Added to CPU, memory and pods: `{"nvidia.com/gpu": "2"}`. @default - nothing */
  readonly capacity?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly taints?: readonly Taint[];
}

interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule';
}

/** How often a node says that it is there; it is taken for lost after 50 s. */
export const leaseMillis = 10_000;

/** A node with room for every pod of a suite. */
export async function createNode(api: ApiServer, description: NodeDescription): Promise<void> {
  const { name, region = 'bed-1', zone = 'bed-1a', labels, capacity, taints = [] } = description;
  const resources = { cpu: '64', memory: '256Gi', 'ephemeral-storage': '1Ti', pods: '500' };
  const whole = { ...resources, ...capacity };
  await api.createStrict({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
        ...labels,
      },
    },
    spec: { taints },
    status: {
      capacity: whole,
      allocatable: whole,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    },
  });
  await renewLease(api, name);
}

/** Says that a node is there. */
export async function renewLease(api: ApiServer, node: string): Promise<void> {
  await api.applyStrict({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: node, namespace: 'kube-node-lease' },
    spec: {
      holderIdentity: node,
      leaseDurationSeconds: 40,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    },
  });
}
