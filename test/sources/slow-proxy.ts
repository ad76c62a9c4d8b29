import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const turnMillis = 20;

/** Hands on connections to a port of the loopback, the answers no faster than it is told. */
export class SlowProxy {
  /** Bytes of answers that were handed on. */
  handedOn = 0;
  /** Number of the answers' byte that is changed on its way, once. @default - none */
  damageAt: number | undefined;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly bytesPerSecond: number,
  ) {}

  static async before(port: number, bytesPerSecond: number): Promise<SlowProxy> {
    const server = createServer();
    const proxy = new SlowProxy(server, bytesPerSecond);
    server.on('connection', (caller) => {
      proxy.#serve(caller, connect(port, '127.0.0.1'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  #serve(caller: Socket, store: Socket): void {
    for (const [one, other] of [
      [caller, store],
      [store, caller],
    ] as const) {
      this.#sockets.add(one);
      // A killed caller resets its connection.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    caller.pipe(store);
    void this.#trickle(store, caller);
  }

  async #trickle(from: Socket, to: Socket): Promise<void> {
    const perTurn = Math.ceil((this.bytesPerSecond * turnMillis) / 1000);
    try {
      for await (const chunk of from) {
        for (let rest = chunk as Buffer; rest.length > 0; rest = rest.subarray(perTurn)) {
          const part = this.#damaged(rest.subarray(0, perTurn));
          this.handedOn += part.length;
          if (!to.write(part)) await once(to, 'drain');
          await delay(turnMillis);
        }
      }
      to.end();
    } catch {
      // Either end is gone, and the other has been told.
    }
  }

  #damaged(part: Buffer): Buffer {
    const at = (this.damageAt ?? Infinity) - this.handedOn;
    if (at < 0 || at >= part.length) return part;
    this.damageAt = undefined;
    const changed = Buffer.from(part);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  }
}
