import { refuseArg } from './args';
import { contains, formatRange, overlaps, parseRange, type Range } from './cidr';
import type { CloudKind } from './cloud-node';

/** What nobody else has on the internet: RFC 1918 and, shared by carriers, RFC 6598. */
const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Whether a range lies within one of those. */
export function isPrivate(range: Range): boolean {
  return privateRanges.some((text) => {
    const outer = parseRange(text);
    return outer !== undefined && contains(outer, range);
  });
}

/**
 * The range of a network's addresses, its argument `cidr`.
 *
 * @param narrowest prefix that it may have; the widest is /16
 * @throws DeployError MANARA_ARGS for text that is no range, one that is not private, or of another size
 */
export function networkRange(
  kind: CloudKind,
  name: string,
  cidr: string,
  narrowest: number,
): Range {
  const range = parseRange(cidr);
  if (range !== undefined && isPrivate(range) && range.prefix >= 16 && range.prefix <= narrowest) {
    return range;
  }
  return refuseArg(
    kind,
    name,
    'cidr',
    `a range of /16 to /${narrowest} within ${privateRanges.join(', ')}, by its first address`,
    cidr,
  );
}

/**
 * Checks the ranges of the networks that a network must reach, its argument `peers`.
 *
 * @throws DeployError MANARA_ARGS for text that is no range, and for an overlap
 */
export function checkPeers(
  kind: CloudKind,
  name: string,
  range: Range,
  peers: Readonly<Record<string, string>> = {},
): void {
  for (const [peer, cidr] of Object.entries(peers)) {
    const other = parseRange(cidr);
    if (other === undefined) {
      refuseArg(kind, name, `peers["${peer}"]`, 'a range such as 10.30.0.0/16', cidr);
    }
    if (!overlaps(range, other)) continue;
    refuseArg(
      kind,
      name,
      'cidr',
      `a range apart from ${cidr} of "${peer}", or packets between them could not be routed`,
      formatRange(range),
    );
  }
}
