import { contains, parseRange, type Range } from '@manara/pulumi';

/** What nobody else has on the internet: RFC 1918 and, shared by carriers, RFC 6598. */
export const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Whether a range lies within one of those. */
export function isPrivate(range: Range): boolean {
  return privateRanges.some((text) => {
    const outer = parseRange(text);
    return outer !== undefined && contains(outer, range);
  });
}
