import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { random as randomNumbers } from '../support/random';
import { RedisServer, whyNoRedis } from '../support/redis-server';
import { checkBatch, orderBatch } from './batch-rows';
import { Load } from './load';
import { Bed, JobServer } from './served';

const kills = Number(process.env.MANARA_JOBS_KILLS ?? 3);
const seed = Number(process.env.MANARA_SEED ?? 1);

/** Milliseconds from ready to the next kill: from before the first job to well into the work. */
const longestLife = 1500;

/** A job that is under way at each of many kills must not be given up by this suite. */
const maxAttempts = 1000;

describe(`jobs of servers that are killed ${kills} times`, function () {
  this.timeout(120_000 + kills * 10_000);
  const random = randomNumbers(seed);
  let bed: Bed;
  const running: { stop(): Promise<unknown> }[] = [];

  beforeEach(() => {
    bed = new Bed();
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.stop();
    bed.remove();
  });

  it('are neither lost nor doubled in the embedded store', async () => {
    const jobs = { folder: join(bed.folder, 'jobs'), maxAttempts };
    const server = await JobServer.start(bed, 'server', { jobs });
    running.push(server);
    const batch = await orderBatch(server.url);
    const load = new Load(() => server.url, 4);
    const recovered: number[] = [];
    for (let i = 0; i < kills; i++) {
      await setTimeout(random() * longestLife);
      await server.kill();
      const killed = Date.now();
      await server.restart();
      recovered.push((await load.acceptedAfter(killed)) - killed);
    }
    await load.stop();
    await checkBatch(server.url, batch, 60);
    await load.check(60, [batch]);
    report('embedded', load, recovered);
    assert.ok(load.count > 0);
    assert.equal(await server.stop(), 0);
  });

  it('are neither lost nor doubled in Redis, which is killed as well', async function () {
    const why = whyNoRedis();
    if (why !== undefined) {
      console.log(why);
      this.skip();
    }
    const redis = await RedisServer.start();
    running.push(redis);
    const jobs = { redis: { url: redis.url }, maxAttempts };
    const servers = [
      await JobServer.start(bed, 'first', { jobs }),
      await JobServer.start(bed, 'second', { jobs }),
    ];
    // Before Redis, so that they can put away what they have.
    running.unshift(...servers);
    let turn = 0;
    const load = new Load(() => servers[turn++ % 2]!.url, 4);
    const recovered: number[] = [];
    for (let i = 0; i < kills; i++) {
      await setTimeout(random() * longestLife);
      // Redis and the servers in turn, so that few kills are some of each.
      const victim = [redis, servers[0]!, servers[1]!][i % 3]!;
      await victim.kill();
      const killed = Date.now();
      await victim.restart();
      recovered.push((await load.acceptedAfter(killed)) - killed);
    }
    await load.stop();
    await load.check(90);
    report('Redis', load, recovered);
    assert.ok(load.count > 0);
  });
});

function report(store: string, load: Load, recovered: readonly number[]): void {
  const sorted = [...recovered].sort((a, b) => a - b);
  const [median, most] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  console.log(
    `      ${store}: ${load.count} jobs, ${kills} kills, seed ${seed}; from kill to the next accepted job: median ${median} ms, most ${most} ms`,
  );
}
