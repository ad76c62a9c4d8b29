import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** Where a collector sends to: keeps what comes, by path, and can be away. */
export class OtlpSink {
  readonly received: { readonly path: string; readonly text: string }[] = [];
  isAway = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (this.isAway) return response.writeHead(503).end();
        const body = Buffer.concat(chunks);
        const isPacked = request.headers['content-encoding'] === 'gzip';
        const text = (isPacked ? gunzipSync(body) : body).toString();
        this.received.push({ path: request.url ?? '', text });
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<OtlpSink> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OtlpSink(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All that came to a path, as one text. */
  textOf(path: string): string {
    return this.received
      .filter((one) => one.path === path)
      .map(({ text }) => text)
      .join('\n');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
