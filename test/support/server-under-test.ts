import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { type ServerConfig, modelFile } from '@manara/contract';

/** A log line of the server's. */
export type LogLine = Readonly<Record<string, unknown>>;

interface Addresses {
  readonly http: string;
  readonly grpc: string;
  readonly metrics: string;
}

export interface ServerUnderTestOptions {
  readonly models: Readonly<Record<string, Uint8Array>>;
  readonly config?: Partial<ServerConfig>;
  readonly flags?: readonly string[];
  /** Ports that stay the same over restarts. @default - any free ones */
  readonly ports?: readonly [http: number, grpc: number, metrics: number];
}

/** `manara-server` in a process of its own, which a suite treats badly. */
export class ServerUnderTest {
  readonly lines: LogLine[] = [];
  stderr = '';
  readonly repository: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'manara-robust-'));
  private readonly child: ChildProcess;
  private ending: Promise<unknown>;

  private constructor({
    models,
    config = {},
    flags = [],
    ports = [0, 0, 0],
  }: ServerUnderTestOptions) {
    this.repository = join(this.folder, 'models');
    for (const [name, file] of Object.entries(models)) this.addModel(name, file);
    const configFile = join(this.folder, 'config.json');
    const [httpPort, grpcPort, metricsPort] = ports;
    const whole = { httpPort, grpcPort, metricsPort, logLevel: 'info', ...config };
    writeFileSync(configFile, JSON.stringify(whole));
    this.child = spawn(
      process.execPath,
      [
        require.resolve('@manara/runtime/build/src/main.js'),
        '--model-repository',
        this.repository,
        '--config',
        configFile,
        ...flags,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const kill = (): void => {
      this.child.kill('SIGKILL');
    };
    process.once('exit', kill);
    this.ending = once(this.child, 'exit').finally(() => process.off('exit', kill));
    if (this.child.stdout === null) throw new Error('the server has no standard output');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as LogLine);
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /** Starts it, and waits until it listens. */
  static async start(options: ServerUnderTestOptions): Promise<ServerUnderTest> {
    const server = new ServerUnderTest(options);
    await server.listening(0);
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it has not ended. */
  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** How it ended, if it has. */
  get ended(): string {
    return `exit code ${this.child.exitCode ?? 'none'}, signal ${this.child.signalCode ?? 'none'}; ${this.stderr}`;
  }

  /** Addresses as `127.0.0.1:port`, of the last time that it listened. */
  get addresses(): Addresses {
    const line = this.lines.findLast(({ event }) => event === 'listening');
    if (line === undefined) throw new Error(`the server did not listen; ${this.ended}`);
    return line as unknown as Addresses;
  }

  get httpPort(): number {
    return Number(this.addresses.http.split(':').at(-1));
  }

  get grpcPort(): number {
    return Number(this.addresses.grpc.split(':').at(-1));
  }

  /** Waits until it has listened more often than so many times. */
  async listening(times: number): Promise<void> {
    while (this.lines.filter(({ event }) => event === 'listening').length <= times) {
      if (!this.isAlive) throw new Error(`the server ended: ${this.ended}`);
      await setTimeout(20);
    }
  }

  /** Puts version 1 of a model into the repository. */
  addModel(name: string, file: Uint8Array): void {
    const version = join(this.repository, name, '1');
    mkdirSync(version, { recursive: true });
    writeFileSync(join(version, modelFile), file);
  }

  removeModel(name: string): void {
    rmSync(join(this.repository, name), { recursive: true, force: true });
  }

  /** Ends it. @returns its exit code; `null` where a signal ended it */
  async stop(): Promise<number | null> {
    if (this.isAlive) this.child.kill('SIGTERM');
    const timer = globalThis.setTimeout(() => this.child.kill('SIGKILL'), 60_000);
    await this.ending;
    clearTimeout(timer);
    rmSync(this.folder, { recursive: true, force: true });
    return this.child.exitCode;
  }
}
