import { Agent, request, type RequestOptions } from 'node:https';
import type { GatewayReply } from '../gateway';

export interface CallerRequest {
  readonly host: string;
  readonly path: string;
  /** @default "GET", or "POST" with a body */
  readonly method?: string;
  /** @default - none is sent */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A caller from outside of the mesh, over TLS. */
export class Caller {
  private readonly agent: Agent;

  /** @param ip - of the gateway's pod. @param ca - who signed its certificate, PEM */
  constructor(
    private readonly ip: string,
    private readonly ca: string,
    options: Pick<RequestOptions, 'maxVersion'> = {},
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 8, ...options });
  }

  /** @throws Error where no connection comes about, TLS included */
  ask({ host, path, token, headers = {}, body, ...rest }: CallerRequest): Promise<GatewayReply> {
    const { method = body === undefined ? 'GET' : 'POST' } = rest;
    const sent = {
      ...headers,
      host,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const { agent, ca, ip } = this;
    const options = { host: ip, port: 8443, path, method, agent, ca, servername: host };
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...options, headers: sent }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const { statusCode: status = 0, headers: got } = incoming;
          resolve({ status, headers: got, body: Buffer.concat(chunks).toString('utf8') });
        });
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
