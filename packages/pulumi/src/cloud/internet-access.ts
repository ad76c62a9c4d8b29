import { kinds } from '@manara/constructs';
import type { FlowEnd, Place } from '@manara/residency';
import { refuseArg } from './args';
import { overlaps, parseRange, type Range } from './cidr';
import type { CloudKind } from './cloud-node';

/** A way out of a network over the internet. */
export interface InternetAccess<P extends Place> {
  /** Why there is one; it stands in the audit. */
  readonly why: string;
  /** Whom it leads to: these ranges are let out to, and no other. */
  readonly to: readonly InternetDestination<P>[];
}

/** Who is reached over the internet, over TLS. */
export interface InternetDestination<P extends Place> {
  /** What the audit calls it: `credit bureau`. */
  readonly name: string;
  /** Where it is; one of the zone's places. */
  readonly place: P;
  /** Its address ranges in CIDR notation, each of /8 to /32. */
  readonly addresses: readonly string[];
}

/** Kind of an argument. */
export const internetAccess = kinds.record({
  why: kinds.text,
  to: kinds.listOf(
    kinds.record({ name: kinds.text, place: kinds.text, addresses: kinds.listOf(kinds.text) }),
  ),
});

/** The ends of the egress flows that a way out has. */
export function destinationEnds(internet: InternetAccess<Place> | undefined): readonly FlowEnd[] {
  if (internet === undefined) return [];
  return internet.to.map(({ name, place, addresses }) => ({
    name: `${name} (${internet.why})`,
    place,
    addresses,
  }));
}

/**
 * The ranges that a network lets out to, each once.
 *
 * @throws DeployError MANARA_ARGS for no reason, no range, or one that is too wide or the network's own
 */
export function internetRanges(
  kind: CloudKind,
  name: string,
  internet: InternetAccess<Place> | undefined,
  range: Range,
): readonly string[] {
  if (internet === undefined) return [];
  if (internet.why.trim() === '') {
    refuseArg(kind, name, 'internet.why', 'the reason, which the auditor reads', internet.why);
  }
  const ranges = internet.to.flatMap(({ addresses }) => addresses);
  if (ranges.length === 0) {
    refuseArg(kind, name, 'internet.to', 'at least one address range', internet.to);
  }
  for (const cidr of ranges) {
    const parsed = parseRange(cidr);
    if (parsed !== undefined && parsed.prefix >= 8 && !overlaps(parsed, range)) continue;
    refuseArg(
      kind,
      name,
      'internet.to',
      `ranges of /8 to /32 outside the network's own, not all of the internet`,
      cidr,
    );
  }
  return [...new Set(ranges)];
}
