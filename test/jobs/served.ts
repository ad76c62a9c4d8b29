import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headers, path, routes, type ServerConfig } from '@manara/contract';
import { divide, identity, least, slowOnDemand } from '@manara/runtime/build/test/support/models';
import { Child } from '../support/child';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';

const main = join(repositoryRoot, 'runtime', 'build', 'src', 'main.js');

/** A folder for servers to share, with a quick, a slow and a deadly model in it. */
export class Bed {
  readonly folder = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
  readonly models = join(this.folder, 'models');

  constructor() {
    for (const [name, bytes] of [
      ['quick', identity('FP32')],
      ['slow', slowOnDemand(20)],
      // Traps on values that no file is tried on as it is loaded.
      ['deadly', divide(-1n)],
    ] as const) {
      const version = join(this.models, name, '1');
      mkdirSync(version, { recursive: true });
      writeFileSync(join(version, 'model.onnx'), bytes);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A real server that keeps jobs, and can be killed and started anew at the same address. */
export class JobServer {
  private child: Child | undefined;

  private constructor(
    private readonly bed: Bed,
    private readonly name: string,
    private readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return this.child?.output ?? '';
  }

  static async start(bed: Bed, name: string, config: ServerConfig): Promise<JobServer> {
    const [http = 0] = await freePorts(1);
    const server = new JobServer(bed, name, http);
    const text = JSON.stringify({ workers: 2, httpPort: http, ...config });
    writeFileSync(server.file('json'), text);
    await server.restart();
    return server;
  }

  /** @returns milliseconds until it was ready */
  async restart(): Promise<number> {
    const began = Date.now();
    const words = [main, '--config', this.file('json'), '--model-repository', this.bed.models];
    const off = ['--allow-grpc', 'false', '--allow-metrics', 'false'];
    this.child = Child.start(this.name, process.execPath, [...words, ...off], {
      logFile: this.file('log'),
    });
    await this.child.until(() => this.isReady(), 60_000);
    return Date.now() - began;
  }

  async kill(): Promise<void> {
    await this.child?.kill();
  }

  /** Has native code abort it in the middle of a run; by a signal where the processor does not trap. */
  async abort(): Promise<void> {
    if (process.arch !== 'x64') {
      await this.child?.kill('SIGABRT');
      return;
    }
    void fetch(this.url + path(routes.modelInfer, { model: 'deadly' }), deadlyRequest()).catch(
      () => undefined,
    );
    assert.equal(await this.child?.ending(), 'SIGFPE');
  }

  async stop(): Promise<number | null | undefined> {
    return this.child?.stop();
  }

  private file(extension: string): string {
    return join(this.bed.folder, `${this.name}.${extension}`);
  }

  private isReady(): Promise<boolean> {
    return fetch(this.url + path(routes.serverReady)).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

function deadlyRequest(): RequestInit {
  const tensor = (name: string): object => ({
    name,
    datatype: 'INT64',
    shape: [1],
    parameters: { binary_data_size: 8 },
  });
  const head = JSON.stringify({ inputs: [tensor('a'), tensor('b')] });
  const values = BigInt64Array.of(least + 1n, 0n);
  return {
    method: 'POST',
    headers: { [headers.inferenceHeaderContentLength]: String(head.length) },
    body: Buffer.concat([Buffer.from(head), Buffer.from(values.buffer)]),
  };
}
