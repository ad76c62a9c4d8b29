import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyCommand } from '@manara/contract';
import { fraud } from '@manara/example-models';
import { floatsOf, realRequests } from '../support/inference';
import { ModelServer } from '../support/model-server';
import { serverConfigText, watchedDocuments } from './watched';

/** A server with the configuration that the tree makes, to which something of everything happens. */
export class BusyServer {
  private constructor(
    private readonly server: ModelServer,
    private readonly folder: string,
    private readonly key: string,
  ) {}

  static async start(): Promise<BusyServer> {
    const folder = mkdtempSync(join(tmpdir(), 'manara-busy-'));
    const keys = join(folder, 'keys.json');
    const main = require.resolve('@manara/runtime/build/src/main.js');
    const args = [main, newKeyCommand, '--caller', 'test', '--file', keys];
    const key = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(configuration(keys)));
    const server = await ModelServer.start({ layOut, more: ['--config', file] });
    return new BusyServer(server, folder, key);
  }

  /** `127.0.0.1:port` of the metrics. */
  get metrics(): string {
    return this.server.metrics;
  }

  /** A round of requests: good ones, some alike, one too late, one wrong, one refused, and outcomes. */
  async round(): Promise<void> {
    const request = realRequests().find(({ model }) => model === fraud.modelName) ?? assert.fail();
    const inputs = request.inputs.map(({ name, datatype, shape, hex }) => {
      return { name, datatype, shape, data: Array.from(floatsOf(hex)) };
    });
    for (let i = 0; i < 10; i++) {
      const id = `${Date.now()}-${i}`;
      const mixed = i < 5 ? inputs : inputs.map(changed);
      await this.post('infer', { id, inputs: mixed }, 200);
      await this.post('feedback', { id, outcome: i % 2, reward: 1 }, 200);
    }
    // Its microsecond is over before it can be run: the fixed answer is given.
    const late = { inputs: inputs.map(changed), parameters: { timeout: 1 } };
    await this.post('infer', late, 200);
    await this.post('infer', { inputs: [] }, 400);
    await this.post('infer', { inputs }, 401, 'wrong');
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async post(
    action: string,
    body: object,
    expected: number,
    key = this.key,
  ): Promise<void> {
    const url = `http://${this.server.http}/v2/models/fraud/${action}`;
    const headers = { 'content-type': 'application/json', 'x-api-key': key };
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.equal(reply.status, expected, `${action}: ${await reply.text()}`);
  }
}

/** Paths and addresses are this machine's, and spans go nowhere; the rest is as the tree makes it. */
function configuration(keys: string): object {
  const text = serverConfigText(watchedDocuments());
  const { tracesEndpoint, ...rest } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  assert(tracesEndpoint !== undefined);
  const identity = { ...(rest.identity as object), apiKeys: { file: keys } };
  return { ...rest, host: '127.0.0.1', workers: 1, identity };
}

function layOut(repository: string): void {
  mkdirSync(repository, { recursive: true });
  cpSync(fraud.repositoryPath, repository, { recursive: true });
}

/** Another request than those whose answers are kept. */
function changed<T extends { readonly data: readonly number[] }>(input: T): T {
  return { ...input, data: input.data.map((value) => value + Math.random()) };
}
