import { kinds } from '@manara/constructs';
import { type CloudKind, refuseArg } from '@manara/pulumi';
import { parsePlace, type Place } from '@manara/residency';

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

const vmSku = kinds.record({
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

/** Kind of the argument `offerings`. */
export const offeringsKind = kinds.listOf(vmSku);

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

interface SizeQuestion {
  readonly kind: CloudKind;
  readonly name: string;
  /** Name of the argument that holds the size. */
  readonly arg: string;
  readonly place: Place;
  readonly vmSize: string;
}

/**
 * What a size is, of those that the subscription can have; `undefined` where nobody asked.
 *
 * @throws DeployError MANARA_ARGS for one that is not offered, or that the subscription is denied
 */
export function offeredSku(
  { kind, name, arg, place, vmSize }: SizeQuestion,
  offerings: readonly VmSku[] | undefined,
): VmSku | undefined {
  if (offerings === undefined) return undefined;
  const location = locationOf(place);
  const here = offerings.filter((sku) => isOffered(sku, location));
  const sku = here.find((offered) => offered.name.toLowerCase() === vmSize.toLowerCase());
  if (sku === undefined) {
    return refuseArg(
      kind,
      name,
      arg,
      `one of the ${here.length} sizes that offerings has at ${place}; ${listSkusCommand(location)} prints them anew`,
      vmSize,
    );
  }
  const reason = restriction(sku);
  if (reason === undefined) return sku;
  return refuseArg(
    kind,
    name,
    arg,
    `a size that the subscription can have at ${place}; Azure says ${reason} of this one`,
    vmSize,
  );
}

/** `uaenorth`, of `azure:uaenorth`. */
export function locationOf(place: Place): string {
  return parsePlace(place).replace(/^[^:]*:/, '');
}
