import type { AddressInfo, Server } from 'node:net';
import type { Endpoint } from './options';
import { StartError } from './start-error';

/** `host:port`, an IPv6 host in brackets. */
export function formatAddress(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Starts listening.
 *
 * @returns the address bound.
 * @throws Error as Node.js gives it.
 */
export async function listen(server: Server, { host, port }: Endpoint): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return formatAddress(host, (server.address() as AddressInfo).port);
}

/** Why an address could not be bound, naming the flags that choose another. */
export function bindError(name: string, { host, port }: Endpoint, thrown: unknown): StartError {
  const address = formatAddress(host, port);
  const { code, message } = thrown as NodeJS.ErrnoException;
  const inUse = code === 'EADDRINUSE' || message.includes('EADDRINUSE');
  const why = inUse ? 'the address is in use' : message;
  return new StartError(
    `cannot listen on ${address}: ${why}; choose another with --${name}-port or --${name}-address`,
    { cause: thrown },
  );
}
