import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { adminUrl } from '../bed/envoy/envoy';
import { gatewayPorts } from '../bed/envoy/gateway';

export interface GatewayRequest {
  /** What the caller calls: the `Host` that routes go by. */
  readonly host: string;
  /** @default "/" */
  readonly path?: string;
  /** @default "GET", or "POST" with a body */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Over TLS: whom the caller trusts, which versions it speaks, who it is. @default - over plain HTTP */
  readonly tls?: SecureContextOptions;
}

export interface GatewayReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The Envoy at the edge of the mesh, and a caller outside of it. */
export class Gateway {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });

  /** @param ip - of its pod. */
  constructor(readonly ip: string) {}

  /** `http://10.244.0.1:8080`: what a Gateway's port 80 is on the pod. */
  get url(): string {
    return `http://${this.ip}:${gatewayPorts.http.pod}`;
  }

  /** `https://10.244.0.1:8443`: what a Gateway's port 443 is on the pod. */
  get httpsUrl(): string {
    return `https://${this.ip}:${gatewayPorts.https.pod}`;
  }

  /** Envoy's admin interface: `/config_dump`, `/clusters`, `/stats`. */
  get adminUrl(): string {
    return adminUrl(this.ip);
  }

  /** Sends a request. @throws Error where nobody listens, or the connection is cut or not trusted */
  ask({ host, path = '/', body, tls, ...rest }: GatewayRequest): Promise<GatewayReply> {
    const { method = body === undefined ? 'GET' : 'POST', headers } = rest;
    return new Promise((resolve, reject) => {
      const options = { method, headers: { ...headers, host } };
      const onReply = (incoming: IncomingMessage): void => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const { statusCode: status = 0, headers: got } = incoming;
          resolve({ status, headers: got, body: Buffer.concat(chunks).toString('utf8') });
        });
      };
      const outgoing =
        tls === undefined
          ? request(`${this.url}${path}`, { ...options, agent: this.agent }, onReply)
          : requestTls(
              `${this.httpsUrl}${path}`,
              // A connection of its own, so that each shakes hands.
              { ...options, ...tls, servername: host, agent: false },
              onReply,
            );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** Sends the same request many times, eight at a time; the replies, in the order of the requests. */
  async askMany(count: number, asked: GatewayRequest): Promise<readonly GatewayReply[]> {
    const replies: GatewayReply[] = [];
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < count) {
        const i = next++;
        replies[i] = await this.ask(asked);
      }
    };
    await Promise.all(Array.from({ length: 8 }, caller));
    return replies;
  }

  close(): void {
    this.agent.destroy();
  }
}
