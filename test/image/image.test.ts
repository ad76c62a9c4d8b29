import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  container,
  exitCodes,
  fetchCommand,
  flags,
  modelFilePath,
  path,
  ports,
  routes,
  type ServerConfig,
  withHugePages,
} from '@manara/contract';
import { documentReader, fraud } from '@manara/example-models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ExampleSite, synthesizedSites } from '../support/examples';
import { freePorts } from '../support/free-ports';
import { repositoryRoot } from '../support/paths';
import { shelllessArchive } from './base-image';
import { command } from './command';
import { coldStart } from './cold-start';
import { Container, processStatus } from './container';
import { fingerprints, filesOf, mebibytes, sizeOf } from './files';
import { type ImageConfig, ImageStore } from './image';
import { memoryOf } from './memory';
import { type BillOfMaterials, installedPackages } from './sbom';
import { largestBody, podLimits } from './pod-limits';

const memoryBytes = 512 * 1024 * 1024;
const readyMillis = 60_000;
const anHour = 3_600_000;

/** Two payments as the fraud model takes them: 20 features each. */
const payments = { shape: [2, 20], data: Array.from({ length: 40 }, (_, i) => (i % 7) / 4) };

/** The fraud model: its two versions have the same name, inputs and outputs. */
const model = 'fraud';
const versions = [1, 2] as const;

function published(version: number): string {
  return join(repositoryRoot, 'examples/models/repository', modelFilePath(model, version));
}

describe("the server's image", function () {
  // Making the base takes a minute where the cache is empty, on a slow machine some.
  this.timeout(600_000);

  let scratch: string;
  let context: string;
  let rootfs: string;
  let image: ImageConfig;
  let files: Server | undefined;
  let filesOrigin: string;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'manara-image-'));
    // The container's user looks for its models below.
    await chmod(scratch, 0o755);
    context = join(scratch, 'context');
    await layOutContext(context);
    const store = new ImageStore(scratch);
    await store.import(await shelllessArchive(), 'base');
    await store.build(context, container.image, { BASE_IMAGE: 'localhost/base' });
    image = await store.config(container.image);
    rootfs = await store.unpack(container.image);
    // A web server and, with paths that start with a bucket, an S3 store.
    files = createServer((request, response) => {
      const version = /(\d+)(\?|$)/.exec(request.url ?? '')?.[1];
      void readFile(published(Number(version))).then((bytes) => response.end(bytes));
    }).listen(0, '127.0.0.1');
    await once(files, 'listening');
    filesOrigin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  });

  after(async () => {
    files?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  describe('holds', () => {
    it('no more than the server needs', async () => {
      const [app, node] = await Promise.all([
        sizeOf(join(context, 'app')),
        sizeOf(join(context, 'node')),
      ]);
      const whole = await sizeOf(rootfs);
      report(
        `unpacked ${mebibytes(whole)}: Node.js ${mebibytes(node)}, server ${mebibytes(app)}, base ${mebibytes(whole - app - node)}`,
      );
      assert.ok(app < 80_000_000, `the server and its packages: ${app} bytes`);
    });

    it("libraries of one platform and no compiler's files", async () => {
      const names = await filesOf(context);
      assert.deepEqual(
        names.filter((name) => /\.(map|ts|mts|cts|tsbuildinfo)$/.test(name)),
        [],
      );
      const libraries = names.filter((name) => name.includes('/onnxruntime-node/bin/'));
      assert.deepEqual(
        [...new Set(libraries.map((name) => name.split('/').slice(-3, -1).join('/')))],
        [`linux/${process.arch}`],
      );
    });

    it("every package that the server depends on, loadable by the image's Node.js", async () => {
      const server = join(context, 'app/node_modules/@manara/runtime');
      const { dependencies } = JSON.parse(await readFile(join(server, 'package.json'), 'utf8')) as {
        readonly dependencies: Readonly<Record<string, string>>;
      };
      const script = `
        const load = require('node:module').createRequire(${JSON.stringify(join(server, 'index.js'))});
        for (const name of ${JSON.stringify(Object.keys(dependencies))}) load(name);
        console.log(process.versions.node.split('.')[0]);`;
      assert.equal(await command(join(context, 'node/node'), '-e', script), '24');
    });

    it('nothing that can be run but Node.js', async () => {
      const runnable: string[] = [];
      for (const name of await filesOf(rootfs)) {
        const { mode } = await lstat(join(rootfs, name));
        const isLinker = /^usr\/lib(64)?\/.*\bld-linux/.test(name);
        if ((mode & 0o111) === 0 || /\.so[.\d]*$/.test(name) || isLinker) continue;
        if ((await lstat(join(rootfs, name))).isFile()) runnable.push(name);
      }
      assert.deepEqual(runnable, ['usr/local/bin/node']);
      for (const shell of ['bin/sh', 'usr/bin/sh', 'bin/bash', 'usr/bin/env', 'bin/busybox']) {
        assert.equal(existsSync(join(rootfs, shell)), false, shell);
      }
    });

    it('what its bill of materials says, each package with a licence, and nothing else', async () => {
      const file = join(rootfs, 'usr/local/share/sbom/manara-server.cdx.json');
      const bill = JSON.parse(await readFile(file, 'utf8')) as BillOfMaterials;
      assert.equal(`${bill.bomFormat} ${bill.specVersion}`, 'CycloneDX 1.6');
      const server = bill.metadata.component;
      const listed = [server, ...bill.components];
      const versions = listed.map(({ 'bom-ref': at, version }) => `${at} ${version}`).sort();
      const installed = await installedPackages(join(rootfs, 'opt/manara'), '/opt/manara');
      const node = await command(join(context, 'node/node'), '--version');
      assert.deepEqual(versions, [...installed, `/usr/local/bin/node ${node.slice(1)}`].sort());
      const licences = listed.map(({ licenses = [] }) => licenses.length);
      assert.ok(licences.every((count) => count === 1));
      const libraries = listed.flatMap(({ components = [] }) => components);
      const native = (await filesOf(join(rootfs, 'opt/manara')))
        .filter((name) => /\.(node|so(\.\d+)*)$/.test(name))
        .map((name) => `/opt/manara/${name}`);
      assert.deepEqual(libraries.map(({ 'bom-ref': at }) => at).sort(), native);
      for (const { 'bom-ref': at, hashes, licenses } of libraries) {
        const bytes = await readFile(join(rootfs, at));
        assert.equal(hashes?.[0]?.content, createHash('sha256').update(bytes).digest('hex'));
        assert.deepEqual(licenses, [{ license: { id: 'MIT' } }]);
      }
      report(`${listed.length} packages and ${libraries.length} native libraries in the bill`);
    });

    it('a server that answers soon after it is started', async () => {
      const { ratio, serverMillis, nodeMillis } = await coldStart({
        node: join(context, 'node/node'),
        server: join(context, 'app/node_modules/@manara/runtime/build/src/main.js'),
        model: published(2),
        rounds: 5,
      });
      report(
        `first answer ${ratio.toFixed(1)} times as long after its start as node -e 0 takes (${Math.round(serverMillis)} and ${Math.round(nodeMillis)} ms)`,
      );
      assert.ok(ratio < 100, `${ratio}`);
    });

    it('the same bytes when it is laid out again', async () => {
      const again = join(scratch, 'again');
      await layOutContext(again);
      assert.deepEqual(await fingerprints(again), await fingerprints(context));
      await rm(again, { recursive: true });
    });

    it("the contract's user and ports, and an entry point that gets its signals", () => {
      assert.equal(image.User, `${container.uid}:${container.uid}`);
      assert.deepEqual(
        Object.keys(image.ExposedPorts).sort(),
        Object.values(ports).map((port) => `${port}/tcp`),
      );
      assert.equal(image.Entrypoint[0], '/usr/local/bin/node');
      assert.equal(image.WorkingDir, container.temporary);
    });

    it('huge pages for the memory of the engine', () => {
      const [[name, value] = []] = Object.entries(withHugePages({}));
      assert.ok(image.Env.includes(`${name ?? ''}=${value ?? ''}`), image.Env.join(' '));
    });
  });

  describe('as a pod runs it', () => {
    let models: string;
    let configFile: string;
    let server: Container | undefined;
    let origin: string;
    let pid: number;

    before(async () => {
      models = join(scratch, 'models');
      await mkdir(models);
      await chown(models, container.uid, container.uid);
      const [httpPort, grpcPort, metricsPort] = await freePorts(3);
      const config: ServerConfig = {
        httpPort: httpPort!,
        grpcPort: grpcPort!,
        metricsPort: metricsPort!,
        workers: 1,
        models: [
          {
            name: model,
            defaultVersion: 2,
            versions: await Promise.all(
              versions.map(async (version) => ({
                version,
                uri: version === 1 ? `${filesOrigin}/1` : `s3://weights/${version}`,
                sha256: createHash('sha256')
                  .update(await readFile(published(version)))
                  .digest('hex'),
              })),
            ),
          },
        ],
      };
      configFile = join(scratch, 'config.json');
      await writeFile(configFile, JSON.stringify(config));
      origin = `http://127.0.0.1:${config.httpPort ?? 0}`;
    });

    after(() => server?.remove());

    function start(id: string, args: readonly string[], writable: boolean): Promise<Container> {
      return Container.start(scratch, {
        id: `manara-${id}-${process.pid}`,
        rootfs,
        image,
        args: [
          ...args,
          flags.config,
          container.configFile,
          flags.modelRepository,
          container.modelRepository,
        ],
        env: {
          AWS_ENDPOINT_URL_S3: filesOrigin,
          AWS_REGION: 'me-central-1',
          AWS_ACCESS_KEY_ID: 'id',
          AWS_SECRET_ACCESS_KEY: 'key',
        },
        memoryBytes,
        mounts: {
          [container.modelRepository]: { source: models, writable },
          [container.configFile]: { source: configFile },
        },
      });
    }

    it('brings the weights in fetch mode, over HTTP and from S3', async () => {
      const fetching = await start('fetch', [fetchCommand], true);
      try {
        assert.equal(await fetching.exit(), exitCodes.ok, fetching.output);
      } finally {
        await fetching.remove();
      }
      for (const version of versions) {
        const brought = join(models, modelFilePath(model, version));
        assert.deepEqual(await readFile(brought), await readFile(published(version)));
        assert.equal((await stat(brought)).uid, container.uid);
      }
    });

    it('gets ready', async () => {
      const started = performance.now();
      server = await start('server', [], false);
      await untilReady(server, origin);
      report(`ready after ${Math.round(performance.now() - started)} ms, runc's start included`);
      pid = await server.pid();
    });

    for (const version of versions) {
      it(`answers an inference of version ${version} as onnxruntime does`, async () => {
        assert.deepEqual(await answered(origin, version), await computed(version));
      });
    }

    it('runs as nobody, without capabilities', () => {
      const ids = Array<number>(4).fill(container.uid).join('\t');
      assert.equal(processStatus(pid, 'Uid'), ids);
      assert.equal(processStatus(pid, 'Gid'), ids);
      assert.equal(processStatus(pid, 'CapEff'), '0000000000000000');
      assert.equal(processStatus(pid, 'NoNewPrivs'), '1');
    });

    it('cannot write to its root or its models, not even as root', async () => {
      const write = (file: string): Promise<string> =>
        server!.run(
          '0:0',
          image.Entrypoint[0]!,
          '-e',
          `require('node:fs').writeFileSync('${file}', '')`,
        );
      await assert.rejects(write('/written'), /EROFS: read-only file system, open '\/written'/);
      await assert.rejects(write(`${container.modelRepository}/written`), /EROFS/);
      await write(`${container.temporary}/written`);
    });

    it('has no shell to run', async () => {
      for (const shell of ['/bin/sh', '/bin/bash', '/usr/bin/env']) {
        await assert.rejects(server!.run('0:0', shell, '-c', 'true'), /no such file or directory/);
      }
    });

    it('has its memory limited', () => {
      const { limit, peak } = memoryOf(pid);
      assert.equal(limit, memoryBytes);
      if (peak !== undefined) report(`highest memory ${mebibytes(peak)} of ${mebibytes(limit)}`);
    });

    it('ends with 0 on SIGTERM', async () => {
      await server!.signal('TERM');
      assert.equal(await server!.exit(), exitCodes.ok, server!.output);
    });
  });

  describe('under the memory limit that synth computes', () => {
    let site: ExampleSite | undefined;

    before(() => {
      site = synthesizedSites().find(({ title }) => title === 'uae-bank/aws-me-central-1');
    });

    for (const endpoint of [fraud.modelName, documentReader.modelName] as const) {
      it(`answers the largest requests that ${endpoint} admits, one per worker and one more`, async () => {
        const limits = podLimits(site!, endpoint);
        const [httpPort = 0, grpcPort = 0, metricsPort = 0] = await freePorts(3);
        // The network is this machine's, and a slow machine holds as many requests as a fast one:
        // none is refused because the objective would be missed. All else is as in the pod.
        const config = {
          ...limits.config,
          host: '127.0.0.1',
          httpPort,
          grpcPort,
          metricsPort,
          models: limits.config.models?.map((served) => ({ ...served, objectiveMillis: anHour })),
        };
        const folder = join(scratch, `limits-${endpoint}`);
        await layOutModels(join(folder, 'models'), config);
        await writeFile(join(folder, 'config.json'), JSON.stringify(config));
        const server = await Container.start(folder, {
          id: `manara-limits-${endpoint}-${process.pid}`,
          rootfs,
          image,
          args: [flags.config, container.configFile],
          memoryBytes: limits.memoryBytes,
          mounts: {
            [container.modelRepository]: { source: join(folder, 'models') },
            [container.configFile]: { source: join(folder, 'config.json') },
          },
        });
        try {
          const origin = `http://127.0.0.1:${httpPort}`;
          await untilReady(server, origin);
          const pid = await server.pid();
          const maxBytes = config.maxRequestBytes ?? 0;
          const body = largestBody(maxBytes, largest[endpoint]);
          assert.equal(Buffer.byteLength(body), maxBytes);
          const url = origin + path(routes.modelInfer, { model: endpoint });
          const requests = Array.from({ length: (config.workers ?? 0) + 1 }, () => body);
          for (let round = 1; round <= 3; round++) {
            const statuses = await Promise.all(requests.map((text) => statusOf(url, text)));
            assert.deepEqual(
              statuses,
              requests.map(() => 200),
              server.output,
            );
          }
          assert.equal(await statusOf(url, `${body} `), 413);
          assert.ok(server.running, server.output);
          const { limit, peak = NaN } = memoryOf(pid);
          assert.equal(limit, limits.memoryBytes);
          report(
            `${requests.length} requests of ${Math.round(maxBytes / 1024)} KiB: highest memory ${mebibytes(peak)} of ${mebibytes(limit)}`,
          );
        } finally {
          await server.remove();
        }
      });
    }
  });
});

const largest = {
  [fraud.modelName]: { name: 'features', shapeOf: (rows: number) => [rows, 20] },
  [documentReader.modelName]: {
    name: documentReader.inputName,
    shapeOf: (columns: number) => [1, 3, 48, columns],
  },
} as const;

/** The folder that fetch mode would have filled. */
async function layOutModels(folder: string, { models }: ServerConfig): Promise<void> {
  for (const { name, versions: served } of models ?? []) {
    for (const { version } of served) {
      const file = join(folder, modelFilePath(name, version));
      await mkdir(dirname(file), { recursive: true });
      await copyFile(
        name === documentReader.modelName ? documentReader.modelFile : published(version),
        file,
      );
    }
  }
}

async function statusOf(url: string, body: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

async function layOutContext(folder: string): Promise<void> {
  await command(process.execPath, join(repositoryRoot, 'runtime/image/context.mjs'), folder);
}

async function untilReady(server: Container, origin: string): Promise<void> {
  const started = performance.now();
  while (!(await isReady(origin))) {
    assert.ok(server.running, `the server ended:\n${server.output}`);
    assert.ok(performance.now() - started < readyMillis, `not ready:\n${server.output}`);
    await delay(20);
  }
}

async function isReady(origin: string): Promise<boolean> {
  const response = await fetch(origin + path(routes.serverReady)).catch(() => undefined);
  return response?.status === 200;
}

type Outputs = Readonly<Record<string, readonly (number | bigint)[]>>;

/** The server's outputs, by name. JSON numbers of FP32 are compared as FP32. */
async function answered(origin: string, version: number): Promise<Outputs> {
  const input = { name: 'features', datatype: 'FP32', ...payments };
  const response = await fetch(origin + path(routes.modelVersionInfer, { model, version }), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputs: [input] }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const { outputs } = JSON.parse(text) as {
    readonly outputs: readonly {
      readonly name: string;
      readonly datatype: string;
      readonly data: number[];
    }[];
  };
  return Object.fromEntries(
    outputs.map(({ name, datatype, data }) => [
      name,
      datatype === 'FP32' ? data.map(Math.fround) : data.map(BigInt),
    ]),
  );
}

/** The outputs of onnxruntime in this process. */
async function computed(version: number): Promise<Outputs> {
  const session = await InferenceSession.create(published(version), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const features = new Tensor('float32', Float32Array.from(payments.data), payments.shape);
  const outputs = await session.run({ features });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [
      name,
      [...(data as Float32Array | BigInt64Array)],
    ]),
  );
}

function report(text: string): void {
  console.log(`        ${text}`);
}
