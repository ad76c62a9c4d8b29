import { BlockList, isIP } from 'node:net';

/** What a CIDR text says. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly prefix: number;
  /** Whether all of it is in blocks that are not routed on the internet. */
  readonly isPrivate: boolean;
}

/** RFC 1918 (private), 6598 (carrier-grade NAT), 3927 and 4291 (link-local, loopback), 4193 (unique local). */
const privateBlocks = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['::1', 128, 'ipv6'],
] as const;

/** `undefined` for a text that is no range in CIDR notation. */
export function addressRange(cidr: string): AddressRange | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const prefix = Number(digits);
  const version = isIP(address);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const isPrivate = privateBlocks.some(([block, width, of]) => {
    if (of !== family || prefix < width) return false;
    const list = new BlockList();
    list.addSubnet(block, width, of);
    return list.check(address, family);
  });
  return { family, prefix, isPrivate };
}
