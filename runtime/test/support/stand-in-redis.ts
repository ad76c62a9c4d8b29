import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Answers each command like a Redis that holds nothing, until it is told to hold its answers back. */
export class StandInRedis {
  private readonly sockets = new Set<Socket>();
  private held: (() => void)[] = [];
  private isHeld = false;
  /** What reads are answered with. */
  private toGet = '$-1\r\n';

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (text) => {
        // A command is an array whose words stand on lines of their own.
        for (const [, name = ''] of text.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
          this.answer(socket, name.toUpperCase());
        }
      });
    });
  }

  static async start(): Promise<StandInRedis> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StandInRedis(server);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that were made so far. */
  get connections(): number {
    return this.sockets.size;
  }

  /** Keeps its connections, and says nothing. */
  hold(): void {
    this.isHeld = true;
  }

  /** Answers all that came meanwhile. */
  release(): void {
    this.isHeld = false;
    for (const answer of this.held.splice(0)) answer();
  }

  refuseReads(message: string): void {
    this.toGet = `-${message}\r\n`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(socket: Socket, name: string): void {
    const info = 'redis_version:7.0.0';
    const answers: Readonly<Record<string, string>> = {
      INFO: `$${info.length}\r\n${info}\r\n`,
      PING: '+PONG\r\n',
      GET: this.toGet,
    };
    const write = (): void => {
      socket.write(answers[name] ?? '+OK\r\n');
    };
    if (this.isHeld) this.held.push(write);
    else write();
  }
}
