import type { VmSku } from '../../src';

/** A size as `az vm list-skus` prints it. */
export function sku(
  name: string,
  capabilities: Readonly<Record<string, number>>,
  {
    location = 'uaenorth',
    zones = ['3', '1', '2'],
    restrictions = [],
    family = `${name}Family`,
  }: {
    readonly location?: string;
    readonly zones?: readonly string[];
    readonly restrictions?: VmSku['restrictions'];
    readonly family?: string;
  } = {},
): VmSku {
  return {
    name,
    family,
    capabilities: Object.entries(capabilities).map(([key, value]) => ({
      name: key,
      value: String(value),
    })),
    locationInfo: [{ location, zones }],
    restrictions,
  };
}

const unavailable = 'NotAvailableForSubscription';

export const offerings: readonly VmSku[] = [
  sku('Standard_D8s_v5', { vCPUs: 8 }),
  sku(
    'Standard_NC24ads_A100_v4',
    { vCPUs: 24, GPUs: 1 },
    {
      location: 'UAENorth',
      restrictions: [{ type: 'Zone', reasonCode: unavailable, restrictionInfo: { zones: ['2'] } }],
    },
  ),
  sku(
    'Standard_NC40ads_H100_v5',
    { vCPUs: 40, GPUs: 1 },
    { restrictions: [{ type: 'Location', reasonCode: unavailable, restrictionInfo: {} }] },
  ),
  sku('Standard_ND96isr_H100_v5', { vCPUs: 96, GPUs: 8 }, { location: 'westeurope' }),
];
