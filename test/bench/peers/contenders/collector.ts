import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes spans over OTLP/HTTP and forgets them, so that a server has somewhere to send them. */
export interface Collector {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly batches: number;
  stop(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  let batches = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      batches++;
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get batches() {
      return batches;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
