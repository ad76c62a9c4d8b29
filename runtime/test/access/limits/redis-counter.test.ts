import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { RedisCounter } from '../../../src/access/limits/redis-counter';
import { TestRedis } from '../../support/redis';
import { until } from '../../support/until';

/** One request in ten seconds, five at once: time plays no part within a test. */
const bucket = { interval: 10_000, size: 5 };

describe('RedisCounter', () => {
  let redis: TestRedis;
  const counters: RedisCounter[] = [];
  const news = new EventEmitter();

  before(async function () {
    const started = await TestRedis.start();
    if (started === undefined) {
      console.log('      skipped: redis-server is not installed');
      this.skip();
    }
    redis = started;
  });
  afterEach(() => {
    for (const counter of counters.splice(0)) counter.close();
  });
  after(async () => {
    await (redis as TestRedis | undefined)?.kill();
  });

  const open = async (prefix: string): Promise<RedisCounter> => {
    const shared = once(news, 'shared');
    const counter = await RedisCounter.open({ url: redis.url, prefix }, (isShared, reason) => {
      news.emit(isShared ? 'shared' : 'local', reason);
    });
    counters.push(counter);
    await shared;
    return counter;
  };
  const passed = async (counter: RedisCounter, tries: number): Promise<number> => {
    let count = 0;
    for (let i = 0; i < tries; i++) if ((await counter.take('a', bucket, 1)) === 0) count++;
    return count;
  };

  it('counts what replicas let through together', async () => {
    const [first, second] = [await open('t1'), await open('t1')];
    assert.equal((await passed(first, 3)) + (await passed(second, 10)), 5);
    const wait = await first.take('a', bucket, 1);
    assert.ok(wait > 9_000 && wait <= 10_000, String(wait));
  });

  it('counts requests that come at the same time one by one', async () => {
    const replicas = [await open('t2'), await open('t2'), await open('t2')];
    const waits = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => replicas[i % 3]!.take('a', bucket, 1)),
    );
    assert.equal(waits.filter((wait) => wait === 0).length, 5);
  });

  it('takes what a request costs, debts included', async () => {
    const counter = await open('t3');
    assert.equal(await counter.take('a', bucket, 7), 0);
    const wait = await counter.take('a', bucket, 1);
    assert.ok(wait > 29_000 && wait <= 30_000, String(wait));
  });

  it('makes the first request wait for a Redis that hangs, and none after it', async function () {
    this.timeout(10_000);
    const counter = await open('t5');
    redis.pause();
    try {
      assert.equal(await counter.take('a', bucket, 1), 0);
      const begun = performance.now();
      assert.equal(await passed(counter, 50), 4);
      // Fifty that waited would take twelve seconds.
      assert.ok(performance.now() - begun < 200);
    } finally {
      redis.resume();
    }
    let isShared = false;
    news.once('shared', () => (isShared = true));
    await until(async () => {
      await counter.take('b', bucket, 1);
      return isShared;
    });
  });

  it('counts by itself while Redis is away, says so, and counts together again after', async function () {
    this.timeout(10_000);
    const counter = await open('t4');
    assert.equal(await passed(counter, 10), 5);
    const local = once(news, 'local');
    await redis.kill();
    await local;
    assert.equal(await passed(counter, 10), 5);
    const shared = once(news, 'shared');
    await redis.run();
    await shared;
    // Redis was restarted without its memory.
    assert.equal(await passed(counter, 10), 5);
  });
});
