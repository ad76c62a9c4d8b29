import { addressRange } from '../address-range';
import { flowEnds } from '../flow';
import { isLate } from '../late-marker';
import { compliant, notApplicable, type Rule, violation } from '../rule';

/**
 * An address range that a network policy opens can lie in one place: a private one, or a public one no
 * wider than /16 (IPv6: /32). Where the line lies is a judgement: it leaves room for all that one service
 * publishes for one region, and none for the block of a whole operator, such as 52.0.0.0/8. A narrow range
 * is no proof of its place either. Late ranges are judged once they are known.
 */
export const addressRangeIsPlausible: Rule = {
  id: 'address-range-is-plausible',
  title: 'an address range that is opened can lie in the place that it is declared at',
  sources: [
    {
      title: 'Addresses that are not routed on the internet: RFC 1918, 3927, 4193, 4291 and 6598',
      where: 'cnblogs.com, Reserved IP addresses; rfc-editor.org, RFC 5735',
      standing: 'secondary',
      read: '2026-11-22',
    },
    {
      title: 'Width of a public range that one place can have: /16, IPv6 /32',
      where: 'inferred by Manara',
      standing: 'computed',
      read: '2026-11-22',
    },
  ],
  check(flow) {
    const ranges = flowEnds(flow).flatMap((end) =>
      (end.addresses ?? [])
        .filter((cidr) => !isLate(cidr))
        .map((cidr) => ({ end, cidr, range: addressRange(cidr) })),
    );
    if (ranges.length === 0) return notApplicable;
    for (const { end, cidr, range } of ranges) {
      const reached = `"${end.name}" is declared at ${end.place} and reached at ${cidr}, which`;
      if (range === undefined) {
        return violation(
          `${reached} is no address range`,
          'write it as <address>/<prefix>: 10.20.0.0/24',
        );
      }
      if (!range.isPrivate && range.prefix < widestPublic[range.family]) {
        return violation(
          `${reached} is public and wider than /${widestPublic[range.family]}: no one place has it all`,
          'name the ranges of its private endpoint, or the public ranges that its operator publishes for that place',
        );
      }
    }
    return compliant;
  },
};

/** Shortest prefix that a public range in one place may have. */
const widestPublic = { ipv4: 16, ipv6: 32 } as const;
