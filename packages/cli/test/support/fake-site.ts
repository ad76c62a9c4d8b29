import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Answers a request, or returns false to leave it to the site's own way. */
export type Answer = (
  request: { readonly method: string; readonly path: string; readonly body: string },
  response: ServerResponse,
) => boolean;

/** A small server that speaks the protocol, for what a real one never says. */
export class FakeSite {
  readonly bodies: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param answer overrides what it says: ready to everything, and the sum of `x` as `sum` and its sign as `label` */
  static async start(answer: Answer = () => false, port = 0): Promise<FakeSite> {
    const server = createServer();
    await once(server.listen(port, '127.0.0.1'), 'listening');
    const site = new FakeSite(server, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => void site.#serve(request, response, answer));
    return site;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close').catch(() => undefined);
  }

  async #serve(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    const { method = '', url: path = '' } = request;
    const body = await text(request);
    if (path.endsWith('/infer')) this.bodies.push(body);
    if (answer({ method, path, body }, response)) return;
    response.setHeader('content-type', 'application/json');
    if (path.endsWith('/ready')) response.end('{"ready":true}');
    else if (path.endsWith('/infer')) response.end(inferred(path, body));
    else
      response.end(JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }] }));
  }
}

function inferred(path: string, body: string): string {
  const { inputs } = JSON.parse(body) as {
    readonly inputs: readonly { readonly data: readonly number[] }[];
  };
  const sum = (inputs[0]?.data ?? []).reduce((total, x) => total + x, 0);
  return JSON.stringify({
    model_version: /versions\/(\d+)/.exec(path)?.[1],
    outputs: [
      { name: 'sum', datatype: 'FP32', shape: [1], data: [sum] },
      { name: 'label', datatype: 'INT64', shape: [1], data: [Math.sign(sum)] },
    ],
  });
}
