import {
  AksServingCluster,
  CpuNodePool,
  FailoverRecord,
  GpuNodePool,
  Guardrails,
  ImageRegistry,
  ModelBucket,
  ServingKeys,
  ServingNetwork,
  type VmSku,
} from '@manara/azure';
import { none } from '@manara/constructs';
import type { Zone } from './zone';

const place = 'azure:uaenorth';

/** One of each component of `@manara/azure`. */
export function onAzure(zone: Zone, maxNodes: number): void {
  const on = { zone, place, resourceGroupName: 'serving' } as const;
  const to = [{ name: 'bureau', place, addresses: ['192.0.2.0/24'] }] as const;
  const internet = { why: 'the scoring bureau has no private address', to };
  const network = new ServingNetwork('net', { ...on, cidr: '10.30.0.0/16', internet });
  const site = { ...on, network, keys: new ServingKeys('keys', { ...on, network }) };
  const registry = new ImageRegistry('images', {
    ...site,
    systemImages: none('Microsoft serves those of AKS'),
  });
  const cluster = new AksServingCluster('aks', {
    ...site,
    registry,
    adminGroupObjectIds: ['00000000-0000-4000-8000-00000000ad01'],
    systemVmSize: 'Standard_D4s_v5',
  });
  new ModelBucket('models', site).grantRead(cluster, {
    namespace: 'bank',
    serviceAccount: 'fraud',
  });
  const pool = { ...on, cluster, nodes: { min: 1, max: maxNodes }, offerings };
  new CpuNodePool('web', { ...pool, vmSize: 'Standard_D8s_v5', spot: { floor: 1 } });
  new GpuNodePool('gpu', { ...pool, vmSize: 'Standard_NC24ads_A100_v4' });
  new Guardrails('rails', {
    zone,
    place,
    scope: '/subscriptions/00000000-0000-4000-8000-00000000babb',
  });
  new FailoverRecord('fraud', {
    ...on,
    dns: none('names are public'),
    label: 'fraud',
    endpoints: [
      { name: 'a', place, target: '192.0.2.1' },
      { name: 'b', place: 'aws:me-central-1', target: '192.0.2.2' },
    ],
  });
}

/** What `az vm list-skus` says of the sizes, as far as it is read. */
const offerings: readonly VmSku[] = [
  sku('Standard_D8s_v5', { vCPUs: '8' }),
  sku('Standard_NC24ads_A100_v4', { vCPUs: '24', GPUs: '1' }),
];

function sku(name: string, capabilities: Readonly<Record<string, string>>): VmSku {
  return {
    name,
    family: `${name}Family`,
    capabilities: Object.entries(capabilities).map(([key, value]) => ({ name: key, value })),
    locationInfo: [{ location: 'uaenorth', zones: ['1', '2', '3'] }],
    restrictions: [],
  };
}
