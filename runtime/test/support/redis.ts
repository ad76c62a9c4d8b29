import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** A Redis server on a free port, without anything on disk. */
export class TestRedis {
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  /** @returns `undefined` where redis-server is not installed. */
  static async start(): Promise<TestRedis | undefined> {
    const redis = new TestRedis(await freePort());
    return (await redis.run()) ? redis : undefined;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, anew where it was killed. @returns whether it could be */
  run(): Promise<boolean> {
    const flags = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''];
    const child = spawn('redis-server', [...flags, '--appendonly', 'no']);
    this.child = child;
    return new Promise((resolve) => {
      child.once('error', () => {
        resolve(false);
      });
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve(true);
      });
    });
  }

  /** Has it hang: its connections stay, and nothing is answered. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Has it go on with what it was sent. */
  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null) return;
    await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
    this.child = undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
