import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { type DevServer, serveProgram } from '../../src/dev/serve-program';
import { loadProgram } from '../../src/load-program';
import { project, repositoryRoot } from '../support/folders';
import { modelFile, officeProgram } from '../support/programs';
import { fraudDigest, request } from '../support/requests';

const ports = { httpPort: 0, grpcPort: 0, metricsPort: 0 };

async function infer({ addresses }: DevServer, path: string): Promise<unknown> {
  const response = await fetch(`http://${addresses.http}/v2/models/${path}/infer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

describe('serveProgram', () => {
  it('serves the endpoints of every site as one, and stops cleanly', async () => {
    const bank = loadProgram(join(repositoryRoot, 'examples', 'uae-bank'));
    const log: string[] = [];
    const workFolder = project({});
    const server = await serveProgram(bank, { ports, workFolder, onLog: (line) => log.push(line) });
    try {
      for (const address of Object.values(server.addresses)) {
        assert.match(address, /^127\.0\.0\.1:\d+$/);
      }
      assert.deepEqual(
        server.models.map(({ name }) => name),
        ['fraud', 'document-reader'],
      );
      for (const [path, version] of [
        ['fraud', '2'],
        ['fraud/versions/1', '1'],
      ] as const) {
        const answer = (await infer(server, path)) as { readonly model_version: string };
        assert.equal(answer.model_version, version);
      }
    } finally {
      assert.equal(await server.stop(), 0);
    }
    assert.equal(await server.exit, 0);
    assert.ok(log.some((line) => line.includes('"stopped"')));
    // Links to the weights stay for the next time, the configuration does not.
    assert.deepEqual(readdirSync(join(workFolder, 'all-sites')), ['models']);
  });

  it('keeps its own folder out of git', async () => {
    const folder = project({ 'main.ts': officeProgram() });
    const server = await serveProgram(loadProgram(folder), { ports });
    await server.stop();
    assert.equal(readFileSync(join(folder, '.manara', '.gitignore'), 'utf8'), '*\n');
    assert.ok(existsSync(join(folder, '.manara', 'dev', 'all-sites', 'models', 'fraud')));
  });

  it('fetches weights that have no file here, and says so', async () => {
    const weights = readFileSync(modelFile(1));
    const asked: string[] = [];
    const s3 = createServer((incoming, response) => {
      asked.push(`${incoming.method ?? ''} ${(incoming.url ?? '').split('?', 1)[0] ?? ''}`);
      response.writeHead(200, { 'content-length': weights.byteLength }).end(weights);
    }).listen(0, '127.0.0.1');
    await once(s3, 'listening');
    const folder = project({
      'main.ts': officeProgram({
        bucket: `'s3://models', endpoint: 'https://minio.office.example'`,
        artifact: `sha256: '${fraudDigest}', sizeBytes: ${weights.byteLength}`,
      }),
    });
    const environment = {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
      AWS_REGION: 'me-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    const progress: string[] = [];
    try {
      const server = await serveProgram(loadProgram(folder), {
        ports,
        onProgress: (what) => progress.push(what),
      });
      await infer(server, 'fraud');
      assert.equal(await server.stop(), 0);
    } finally {
      process.env = before;
      s3.closeAllConnections();
      s3.close();
    }
    assert.deepEqual(progress, ['fetching fraud/1', 'starting manara-server']);
    assert.ok(
      asked.some((line) => line.endsWith('/models/fraud/1/model.onnx')),
      asked.join(),
    );
  });

  it('does not serve a file that has changed since it was described', async () => {
    const folder = project({
      'main.ts': officeProgram({
        artifact: `file: require('node:path').join(__dirname, 'model.onnx')`,
      }),
    });
    const file = join(folder, 'model.onnx');
    cpSync(modelFile(1), file);
    const program = loadProgram(folder);
    cpSync(modelFile(2), file);
    await assert.rejects(serveProgram(program, { ports }), (error: Error) => {
      assert.match(error.message, /^manara-server ended with code 1 before it listened:\n/);
      assert.match(error.message, /sha-?256|digest/i);
      return true;
    });
  });

  it('refuses two ports that are the same', async () => {
    const program = loadProgram(project({ 'main.ts': officeProgram() }));
    await assert.rejects(
      serveProgram(program, { ports: { httpPort: 8000, grpcPort: 8000, metricsPort: 0 } }),
      { name: 'UsageError', message: /expected three different ports, received 8000, 8000/ },
    );
  });

  it('can be stopped before it listens', async () => {
    const program = loadProgram(project({ 'main.ts': officeProgram() }));
    await assert.rejects(
      serveProgram(program, { ports }, AbortSignal.abort()),
      /manara-server ended with code 143 before it listened/,
    );
  });
});
