import { type Range, rangeAt, sizeOf } from '@manara/pulumi';

/** What a zone of a network gets. */
export interface ZonePlan {
  /** Id of the availability zone. */
  readonly zone: string;
  /** For nodes, pods and the cluster's own interfaces. */
  readonly workload: Range;
  /** For interface endpoints, and nothing else: it is what pods are let out to. */
  readonly endpoints: Range;
  /** For a NAT gateway, where there is one. */
  readonly nat: Range;
}

const endpointPrefix = 26;
const natPrefix = 28;

/** AWS keeps the first four addresses of a subnet and its last. */
const reservedAddresses = 5;

/** Zones that a network has room for: more would take the subnets of those that are there. */
export function zonesRoom(zones: number): number {
  return zones <= 3 ? 3 : 7;
}

/**
 * Divides a network's range: an equal part for the workloads of each zone, and the last part for
 * endpoints and NAT. Parts depend on a zone's position only, so that a zone added at the end moves none.
 *
 * @returns nothing where the range is too small for the endpoints
 */
export function planSubnets(
  range: Range,
  zones: readonly string[],
): readonly ZonePlan[] | undefined {
  const room = zonesRoom(zones.length);
  const prefix = range.prefix + Math.log2(room + 1);
  const size = 2 ** (32 - prefix);
  const shared = rangeAt(range, room * size, prefix);
  const endpointSize = 2 ** (32 - endpointPrefix);
  const natSize = 2 ** (32 - natPrefix);
  if (room * (endpointSize + natSize) > sizeOf(shared)) return undefined;
  return zones.map((zone, i) => ({
    zone,
    workload: rangeAt(range, i * size, prefix),
    endpoints: rangeAt(shared, i * endpointSize, endpointPrefix),
    nat: rangeAt(shared, room * endpointSize + i * natSize, natPrefix),
  }));
}

/** Addresses of a subnet that nodes and pods can have. */
export function usableAddresses(range: Range): number {
  return sizeOf(range) - reservedAddresses;
}
