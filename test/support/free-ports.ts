import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';

/**
 * Loopback ports that nobody listens on, for programs that cannot be told to choose one themselves.
 * All are held open until the last is found, so that no two are the same.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, listen));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    held.map(async (server) => {
      server.close();
      await once(server, 'close');
    }),
  );
  return ports;
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
