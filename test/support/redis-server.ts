import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child';
import { freePorts } from './free-ports';

/** Why there is no Redis to test with; `undefined` where there is one. */
export function whyNoRedis(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'skipped, no redis-server is installed (Debian: apt-get install redis-server)';
  }
}

/** A Redis on loopback that writes everything to disk before it answers. */
export class RedisServer {
  private child: Child | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** @param settings - more of the command line. */
  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const [port = 0] = await freePorts(1);
    const server = new RedisServer(mkdtempSync(join(tmpdir(), 'manara-redis-')), port, settings);
    await server.restart();
    return server;
  }

  /** Starts it anew on what it has on disk, and waits until it answers. */
  async restart(): Promise<void> {
    const { folder, port } = this;
    const args = `--port ${port} --bind 127.0.0.1 --dir ${folder} --save  --appendonly yes --appendfsync always`;
    const child = Child.start(
      'redis-server',
      'redis-server',
      [...args.split(' '), ...this.settings],
      {
        logFile: join(folder, 'log'),
      },
    );
    this.child = child;
    await child.until(() => this.answers(), 20_000);
  }

  /** Ends it as a power cut would, as far as the process is concerned. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }

  async stop(): Promise<void> {
    await this.child?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Changes a setting while it runs. */
  async configure(name: string, value: string): Promise<void> {
    const reply = await this.ask(`CONFIG SET ${name} ${value}`);
    if (!reply.startsWith('+OK')) throw new Error(`redis-server: ${reply}`);
  }

  /** How many entries a stream has. */
  async streamLength(key: string): Promise<number> {
    const reply = await this.ask(`XLEN ${key}`);
    if (!reply.startsWith(':')) throw new Error(`redis-server: ${reply}`);
    return Number(reply.slice(1));
  }

  private async answers(): Promise<boolean> {
    // It says LOADING while it reads what it has on disk.
    return (await this.ask('PING').catch(() => '')).startsWith('+PONG');
  }

  private ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('data', (reply) => {
        socket.destroy();
        resolve(reply.toString());
      });
      socket.write(`${command}\r\n`);
    });
  }
}
