import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { CacheConfig } from '@manara/contract';
import { Redis } from 'ioredis';
import { type JsonAnswer, postJson } from '../support/http-client';
import { addConstant } from '../support/models';
import { TestRedis } from '../support/redis';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [41.5] }] };

describe('a cache in Redis', () => {
  const repository = new TemporaryRepository();
  const secretFile = repository.write('.secret', Buffer.alloc(32, 3));
  const servers: TestServer[] = [];
  let redis: TestRedis | undefined;

  before(async function () {
    const started = await TestRedis.start();
    if (started === undefined) {
      console.log('skipped: redis-server is not installed');
      this.skip();
    }
    redis = started;
    repository.add('plus', 1, addConstant(1));
  });

  afterEach(async () => {
    for (const { server } of servers.splice(0)) await server.close();
  });

  after(async () => {
    await redis?.kill();
    repository.remove();
  });

  async function start(more: Partial<CacheConfig> = {}): Promise<TestServer> {
    const cache: CacheConfig = {
      redis: { url: redis?.url ?? '' },
      keyFile: secretFile,
      zone: 'uae',
      models: { plus: {} },
      ...more,
    };
    const started = await startTestServer(repository.folder, { cache, workers: 1 });
    servers.push(started);
    for (let i = 0; i < 200 && !events(started).includes('cache_back'); i++) await delay(10);
    return started;
  }

  const events = ({ logs }: TestServer): readonly unknown[] =>
    logs.map(({ event }) => event).filter((event) => String(event).startsWith('cache_'));
  const ask = async ({ url }: TestServer): Promise<JsonAnswer> => {
    const answer = await postJson(`${url}/v2/models/plus/infer`, body);
    assert.deepEqual((answer.body.outputs as { data: number[] }[])[0]?.data, [42.5]);
    return answer;
  };
  const failures = async ({ metricsUrl }: TestServer): Promise<number> => {
    const text = await (await fetch(metricsUrl)).text();
    return Number(/^manara_cache_failures_total (\d+)$/m.exec(text)?.[1] ?? 0);
  };

  it('is shared by servers, whichever of them ran the model', async () => {
    const [a, b] = [await start(), await start()];
    const first = await ask(a);
    assert.equal(first.headers.get('age'), null);
    const second = await ask(b);
    assert.equal(second.headers.get('age'), '0');
    assert.equal(second.headers.get('etag'), first.headers.get('etag'));
    assert.equal(await failures(b), 0);
  });

  it('is not waited for while it hangs, but once, and the log says so', async function () {
    this.timeout(20_000);
    const test = await start();
    await ask(test);
    redis?.pause();
    try {
      await ask(test);
      const begun = performance.now();
      for (let i = 0; i < 20; i++) {
        const { headers } = await ask(test);
        assert.equal(headers.get('age'), null);
      }
      // Twenty that waited would take two seconds.
      assert.ok(performance.now() - begun < 1000);
      await until(() => events(test).length === 2);
    } finally {
      redis?.resume();
    }
    await until(async () => (await ask(test)).headers.get('age') !== null);
    assert.deepEqual(events(test), ['cache_back', 'cache_away', 'cache_back']);
  });

  it('shows neither inputs nor outputs nor names to whoever reads it, and forgets by itself', async () => {
    await ask(await start());
    const reader = new Redis(redis?.url ?? '');
    const keys = await reader.keys('*');
    assert.equal(keys.length, 1);
    assert.match(keys[0]!, /^manara:cache:[\w-]{43}$/);
    const value = (await reader.getBuffer(keys[0]!))!;
    for (const secret of ['plus', 'FP32', Buffer.from(Float32Array.of(42.5).buffer)]) {
      assert.equal(value.includes(secret), false, String(secret));
    }
    const ttl = await reader.pttl(keys[0]!);
    assert.ok(ttl > 0 && ttl <= 60_000, String(ttl));
    reader.disconnect();
  });

  it('is not shared between zones, nor with servers of another secret', async () => {
    await ask(await start());
    const abroad = await ask(await start({ zone: 'ksa' }));
    assert.equal(abroad.headers.get('age'), null);
    const keyFile = repository.write('.other', Buffer.alloc(32, 4));
    const stranger = await ask(await start({ keyFile }));
    assert.equal(stranger.headers.get('age'), null);
  });

  it('gives nothing that somebody else wrote there, and counts it', async () => {
    const server = await start({ zone: 'forged' });
    await ask(server);
    const writer = new Redis(redis?.url ?? '');
    const keys = await writer.keys('*');
    const values = await writer.mgetBuffer(...keys);
    // Each answer under another's name.
    for (const [i, key] of keys.entries()) await writer.set(key, values[(i + 1) % keys.length]!);
    assert.ok(keys.length > 1);
    assert.equal((await ask(server)).headers.get('age'), null);
    assert.equal(await failures(server), 1);
    writer.disconnect();
  });

  it('is done without while Redis is away, said once, and used again when it is back', async () => {
    const server = await start({ zone: 'outage' });
    await ask(server);
    await redis?.kill();
    const begin = performance.now();
    for (let i = 0; i < 20; i++) assert.equal((await ask(server)).headers.get('age'), null);
    assert.ok(performance.now() - begin < 2000, 'nobody waits for a Redis that is away');
    assert.deepEqual(events(server), ['cache_back', 'cache_away']);
    assert.ok((await failures(server)) >= 20);
    assert.equal(await redis?.run(), true);
    for (let i = 0; i < 300 && events(server).length < 3; i++) await delay(10);
    assert.deepEqual(events(server), ['cache_back', 'cache_away', 'cache_back']);
    await ask(server);
    assert.equal((await ask(server)).headers.get('age'), '0');
  });
});
