import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { random } from '../support/random';
import { azureStore } from './azure-store';
import { type FetchJob, FetchProcess } from './fetch-process';
import { ociStore } from './oci-store';
import { s3Store } from './s3-store';
import { SlowProxy } from './slow-proxy';
import type { Store } from './stores';

const kills = Number(process.env.MANARA_FETCH_KILLS ?? 3);
const seed = Number(process.env.MANARA_SEED ?? 1);
const bytesPerSecond = 8_000_000;
const megabyte = 1_000_000;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const stores: readonly (readonly [string, (folder: string) => Promise<Store | undefined>])[] = [
  ['S3', s3Store],
  ['Azure Blob Storage', azureStore],
  ['an OCI registry', ociStore],
];

for (const [name, start] of stores) {
  /** Fetch mode, in processes of its own, and a real store behind a slow network. */
  describe(`weights from ${name}`, function () {
    this.timeout(120_000 + kills * 10_000);
    const content = randomBytes(8 * megabyte);
    let folder: string;
    let repository: string;
    let store: Store | undefined;
    let proxy: SlowProxy;
    let uri: string;

    before(async function () {
      this.timeout(0);
      folder = mkdtempSync(join(tmpdir(), 'manara-sources-'));
      store = await start(folder);
      if (store === undefined) return this.skip();
      proxy = await SlowProxy.before(store.port, bytesPerSecond);
      uri = (await store.publish('fraud/large.onnx', content))(proxy.port);
    });
    beforeEach(() => {
      repository = mkdtempSync(join(folder, 'models-'));
      proxy.handedOn = 0;
    });
    after(async () => {
      if (store !== undefined) {
        await proxy.close();
        await store.child.stop();
      }
      rmSync(folder, { recursive: true, force: true });
    });

    const job = (props: Partial<FetchJob> = {}): FetchJob => ({
      folder,
      repository,
      uri,
      sha256: sha256(content),
      environment: store!.environment(proxy.port),
      ...props,
    });
    const file = () => join(repository, 'fraud/1/model.onnx');

    it(`go on after each of ${kills} kills, and are whole at the end`, async () => {
      const next = random(seed);
      let had = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const running = FetchProcess.start(job());
        const before = proxy.handedOn;
        // Killed while it reads, at a moment of chance: of the seconds that the whole file takes.
        while (proxy.handedOn < before + 100_000) await delay(5);
        await delay(next() * 400);
        running.kill();
        const { code, logs } = await running.end();
        assert.equal(code, null);
        assert.deepEqual(readdirSync(repository), ['.fetch']);
        const resumed = Number(
          logs.find(({ event }) => event === 'model_fetch_resumed')?.bytes ?? 0,
        );
        assert.ok(resumed >= had, `went on at ${resumed}, after ${had}`);
        had = resumed;
      }
      const { code, logs } = await FetchProcess.start(job()).end();
      assert.equal(code, 0, JSON.stringify(logs));
      const resumed = Number(logs.find(({ event }) => event === 'model_fetch_resumed')?.bytes);
      assert.ok(resumed > 0 && resumed >= had, `went on at ${resumed}, after ${had}`);
      assert.equal(sha256(readFileSync(file())), sha256(content));
      // Of each killed run only what was on its way is asked for twice.
      assert.ok(
        proxy.handedOn < content.length + (kills + 1) * 2 * megabyte,
        `${proxy.handedOn} bytes for ${content.length}`,
      );
      assert.deepEqual(readdirSync(join(repository, '.fetch')), []);
    });

    it('are refused with a byte changed, and put nowhere', async () => {
      proxy.damageAt = 3 * megabyte;
      const damaged = await FetchProcess.start(job()).end();
      assert.equal(damaged.code, 1);
      assert.match(
        String(damaged.logs.at(-1)?.error),
        new RegExp(
          `expected SHA-256 ${sha256(content)}, received (?!${sha256(content)})[0-9a-f]{64}`,
        ),
      );
      assert.equal(existsSync(file()), false);
      assert.deepEqual(readdirSync(join(repository, '.fetch')), []);
      assert.equal((await FetchProcess.start(job()).end()).code, 0);
      assert.equal(sha256(readFileSync(file())), sha256(content));
    });

    it('are begun anew where others lie there since', async () => {
      const former = randomBytes(3 * megabyte);
      const later = randomBytes(3 * megabyte);
      const address = (await store!.publish('fraud/moving.onnx', former))(proxy.port);
      const running = FetchProcess.start(job({ uri: address, sha256: sha256(later) }));
      // For the registry the manifest says at once that it is another file.
      while (proxy.handedOn < 200_000 && name !== 'an OCI registry') await delay(5);
      running.kill();
      await running.end();
      await store!.publish('fraud/moving.onnx', later);
      const { code, logs } = await FetchProcess.start(
        job({ uri: address, sha256: sha256(later) }),
      ).end();
      assert.equal(code, 0, JSON.stringify(logs));
      assert.equal(sha256(readFileSync(file())), sha256(later));
    });

    it('reach one folder whole from four processes at a time, and one cache', async () => {
      const cache = ['--cache', join(folder, `cache-${name.replaceAll(' ', '-')}`)];
      const small = randomBytes(2 * megabyte);
      const address = (await store!.publish('fraud/small.onnx', small))(proxy.port);
      const props = { uri: address, sha256: sha256(small) };
      const ends = await Promise.all(
        [[], [], cache, cache].map((flags) => FetchProcess.start(job({ ...props, flags })).end()),
      );
      assert.deepEqual(
        ends.map(({ code }) => code),
        [0, 0, 0, 0],
        JSON.stringify(ends),
      );
      assert.equal(sha256(readFileSync(file())), sha256(small));
      assert.deepEqual(readdirSync(join(repository, '.fetch')), []);
      mkdirSync(join(folder, 'elsewhere'), { recursive: true });
      const asked = proxy.handedOn;
      const again = job({
        ...props,
        flags: cache,
        repository: mkdtempSync(join(folder, 'models-')),
      });
      assert.equal((await FetchProcess.start(again).end()).code, 0);
      assert.equal(proxy.handedOn, asked);
    });
  });
}
