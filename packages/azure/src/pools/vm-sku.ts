import { kinds } from '@manara/constructs';

/** A size of virtual machine, as `az vm list-skus` prints it; what it prints besides is not read. */
export interface VmSku {
  /** `Standard_NC24ads_A100_v4` */
  readonly name: string;
  /** Family that a quota is for: `StandardNCADSA100v4Family`. */
  readonly family: string;
  readonly capabilities: readonly { readonly name: string; readonly value: string }[];
  readonly locationInfo: readonly {
    readonly location: string;
    readonly zones: readonly string[];
  }[];
  /** Why this subscription cannot have it, wholly or in some zones. */
  readonly restrictions: readonly {
    /** `Location` or `Zone` */
    readonly type: string;
    readonly reasonCode: string;
    readonly restrictionInfo: { readonly zones?: readonly string[] | null };
  }[];
}

/** Kind of an argument. */
export const vmSku = kinds.record({
  name: kinds.text,
  family: kinds.text,
  capabilities: kinds.listOf(kinds.record({ name: kinds.text, value: kinds.text })),
  locationInfo: kinds.listOf(
    kinds.record({ location: kinds.text, zones: kinds.listOf(kinds.text) }),
  ),
  restrictions: kinds.listOf(
    kinds.record({ type: kinds.text, reasonCode: kinds.text, restrictionInfo: kinds.object }),
  ),
});

/** What prints the sizes that a subscription can have at a location. */
export function listSkusCommand(location: string): string {
  return `az vm list-skus --location ${location} --resource-type virtualMachines --all --output json`;
}

/** A number among a size's capabilities: `vCPUs`, `GPUs`; 0 where it has none of that name. */
export function capability({ capabilities }: VmSku, name: string): number {
  return Number(capabilities.find((given) => given.name === name)?.value ?? 0);
}

/** What the subscription is refused a size for, in the whole location; `undefined` for nothing. */
export function restriction({ restrictions }: VmSku): string | undefined {
  return restrictions.find(({ type }) => type === 'Location')?.reasonCode;
}

/** Zones of a location that the subscription can have a size in, in order. */
export function skuZones({ locationInfo, restrictions }: VmSku, location: string): string[] {
  const refused = restrictions.flatMap(({ type, restrictionInfo }) =>
    type === 'Zone' ? (restrictionInfo.zones ?? []) : [],
  );
  return locationInfo
    .filter((info) => sameLocation(info.location, location))
    .flatMap(({ zones }) => zones)
    .filter((zone) => !refused.includes(zone))
    .sort();
}

/** Whether a size is offered at a location at all. */
export function isOffered({ locationInfo }: VmSku, location: string): boolean {
  return locationInfo.some((info) => sameLocation(info.location, location));
}

/** Azure writes `uaenorth`, `UAENorth` and `UAE North`. */
function sameLocation(a: string, b: string): boolean {
  const bare = (text: string): string => text.toLowerCase().replaceAll(' ', '');
  return bare(a) === bare(b);
}
