import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What stands in for a name with failover by health: connections go to the first port until it has refused
 * them for some time, and to the second from then on.
 */
export class FailoverProxy {
  #downSince: number | undefined;
  readonly #open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly ports: readonly [number, number],
    private readonly failoverMillis: number,
  ) {}

  /** @param failoverMillis `Infinity` for a name that never fails over */
  static async start(
    ports: readonly [number, number],
    failoverMillis: number,
  ): Promise<FailoverProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new FailoverProxy(server, ports, failoverMillis);
    server.on('connection', (caller) => {
      proxy.#lead(caller);
    });
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #lead(caller: Socket): void {
    const since = this.#downSince;
    const over = since !== undefined && performance.now() - since >= this.failoverMillis;
    const site = connect(this.ports[over ? 1 : 0], '127.0.0.1');
    for (const socket of [caller, site]) {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    }
    site.on('error', () => {
      this.#downSince ??= performance.now();
      caller.destroy();
    });
    caller.on('error', () => site.destroy());
    caller.pipe(site).pipe(caller);
  }
}
