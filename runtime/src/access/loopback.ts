import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { formatAddress } from '../listen';
import type { Endpoint } from '../options';
import { ConfigurationError } from '../start-error';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  if (isIPv6(host)) return loopback.check(host, 'ipv6');
  return host === 'localhost';
}

/**
 * A server that asks nobody who they are is for this machine alone, unless it is said to be for everybody.
 *
 * @throws ConfigurationError naming the address and the ways out.
 */
export function refuseOpenAddresses(
  endpoints: Readonly<Record<string, Endpoint | undefined>>,
): void {
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (endpoint === undefined || isLoopback(endpoint.host)) continue;
    const address = formatAddress(endpoint.host, endpoint.port);
    throw new ConfigurationError(
      `${name} would listen on ${address}, where whoever reaches it could use every model: ` +
        'configure "identity" (docs/access.md), listen on 127.0.0.1, or say that this is meant with ' +
        '--allow-anonymous or "allowAnonymous": true',
    );
  }
}
