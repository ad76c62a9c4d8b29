import { namedAddresses } from '@manara/contract';
import type { Place } from '@manara/residency';
import { hostNamed, isSameHost } from './reached';
import type { ServerProps } from './server-props';

/** Addresses that no pod can reach, or that hold what belongs into a Secret. */
export function addressFaults({ config }: ServerProps<Place>): readonly string[] {
  return namedAddresses(config).flatMap(({ key, address }) => {
    const host = hostNamed(address);
    if (host.includes('@')) {
      const hidden = address.replace(/\/\/.*@/, '//…@');
      return [
        `config.${key}: expected an address without a password, which stands in a Secret; received "${hidden}"`,
      ];
    }
    if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host)) return [];
    return [
      `config.${key}: expected a host outside of the server's pod, where nothing else listens; received ${host}`,
    ];
  });
}

/** Hosts that say nothing, or contradict each other. */
export function hostFaults({ config, hosts = [] }: ServerProps<Place>): readonly string[] {
  const named = [...new Set(namedAddresses(config).map(({ address }) => hostNamed(address)))];
  const isTwice = ({ host, place }: (typeof hosts)[number], i: number): boolean =>
    hosts.slice(0, i).some((one) => isSameHost(one.host, host) && one.place === place);
  return hosts.flatMap((one, i) => {
    const { host, place } = one;
    if (isTwice(one, i)) {
      return [
        `hosts.${i}: expected each host once at a place; received "${host}" at ${place} again`,
      ];
    }
    if (named.some((one) => isSameHost(one, host))) return [];
    return [
      `hosts.${i}.host: expected a host that config names, ${named.join(', ') || 'none'}; received "${host}"`,
    ];
  });
}
