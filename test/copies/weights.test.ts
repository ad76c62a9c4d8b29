import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fraud } from '@manara/example-models';
import { repositoryRoot } from '../support/paths';
import { carriedConfig, configOf, containersOf, jobOf } from './jobs';
import { twoSites } from './two-sites';

const { app } = twoSites(['registry.dubai.bank.example', 'registry.north.bank.example']);

/** The real server's fetch mode, as the copying job and then the standby's own pods run it. */
describe('copies of weights', function () {
  this.timeout(60_000);
  let folder: string;
  let store: Server;
  let requests: string[];
  let isLost: boolean;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manara-weights-'));
    for (const name of ['claims', 'models']) mkdirSync(join(folder, name));
    store = createServer(({ url = '' }, response) => {
      requests.push(url.split('?')[0]!);
      const version = /^\/bank-models\/fraud\/([12])\/model\.onnx$/.exec(url.split('?')[0]!)?.[1];
      if (isLost || version === undefined) return response.writeHead(isLost ? 503 : 404).end();
      const weights = readFileSync(fraud.versionFile(Number(version) as 1 | 2));
      return response.writeHead(200, { 'content-length': weights.length }).end(weights);
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
  });
  beforeEach(() => {
    requests = [];
    isLost = false;
  });
  after(async () => {
    store.close();
    await once(store, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a container that fetches, with the folders of this machine in place of the pod's mounts. */
  async function run(
    args: readonly string[],
    config: string,
  ): Promise<{ code: number; out: string }> {
    const file = join(folder, 'config.json');
    writeFileSync(file, config.replaceAll('/mnt/claims', join(folder, 'claims')));
    const own = args.map((arg) =>
      arg === '/etc/manara/config.json' ? file : arg === '/models' ? join(folder, 'models') : arg,
    );
    const main = join(repositoryRoot, 'runtime', 'build', 'src', 'main.js');
    const { port } = store.address() as AddressInfo;
    const child = spawn(process.execPath, [main, ...own], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        AWS_REGION: 'me-central-1',
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: 'id',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    return { code, out: Buffer.concat(chunks).toString('utf8') };
  }

  const copy = () => {
    const [container] = containersOf(jobOf(app, 'scores-weights'));
    return run(container!.args, configOf(app, 'scores-weights-config'));
  };
  /** The arguments of a pod's own init container. */
  const start = () =>
    run(
      ['fetch', '--config', '/etc/manara/config.json', '--model-repository', '/models'],
      carriedConfig(app, 'scores', 'north'),
    );

  it('bring every version from the original', async () => {
    const { code, out } = await copy();
    assert.equal(code, 0, out);
    assert.deepEqual([...new Set(requests)].sort(), [
      '/bank-models/fraud/1/model.onnx',
      '/bank-models/fraud/2/model.onnx',
    ]);
  });

  it('ask for nothing that is there already', async () => {
    const { code, out } = await copy();
    assert.equal(code, 0, out);
    assert.deepEqual(requests, []);
  });

  it('are what the standby starts from once the original is lost', async () => {
    isLost = true;
    const { code, out } = await start();
    assert.equal(code, 0, out);
    for (const version of [1, 2] as const) {
      const started = readFileSync(join(folder, 'models', 'scores', String(version), 'model.onnx'));
      assert.deepEqual(started, readFileSync(fraud.versionFile(version)));
    }
    assert.deepEqual(requests, []);
  });

  it('are mended where they were damaged', async () => {
    const damaged = join(folder, 'claims', 'model-store', 'fraud', '2', 'model.onnx');
    const { size } = statSync(damaged);
    writeFileSync(damaged, Buffer.alloc(size));
    const { code } = await copy();
    assert.equal(code, 0);
    assert.deepEqual(readFileSync(damaged), readFileSync(fraud.versionFile(2)));
    assert.deepEqual([...new Set(requests)], ['/bank-models/fraud/2/model.onnx']);
  });
});
