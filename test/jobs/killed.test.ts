import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Chance } from '../support/chance';
import { RedisServer, whyNoRedis } from '../support/redis-server';
import { Batches } from './batches';
import { Faults } from './faults';
import { Load } from './load';
import { Recoveries } from './recoveries';
import { Bed, JobServer } from './served';
import { SmallDisk } from './small-disk';

/** How often something is lost: by default each kind of loss once. */
const asked = process.env.MANARA_JOBS_KILLS;
const losses = { embedded: Number(asked ?? 4), redis: Number(asked ?? 3) } as const;
const seed = Number(process.env.MANARA_SEED ?? 1);

/** Milliseconds from ready to the next loss: from before the first job to well into the work. */
const longestLife = 1500;

/** A job that is under way at each of many losses must not be given up by this suite. */
const maxAttempts = 1000;

const mebibyte = 1024 ** 2;

type Victim = readonly [
  loss: string,
  process: { restart(): Promise<unknown> },
  strike: () => Promise<void>,
];

describe('jobs, whatever is lost at a random moment', function () {
  this.timeout(180_000 + Math.max(...Object.values(losses)) * 15_000);
  const chance = new Chance(seed);
  let bed: Bed;
  let disk: SmallDisk | undefined;
  const running: { stop(): Promise<unknown> }[] = [];

  beforeEach(() => {
    bed = new Bed();
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.stop();
    disk?.unmount();
    disk = undefined;
    bed.remove();
  });

  const foldersOf = (folder: string): { readonly input: string; readonly output: string } => ({
    input: join(folder, 'in'),
    output: join(folder, 'out'),
  });

  it(`are neither lost nor doubled nor torn by ${losses.embedded} losses of the server and the disk's room`, async () => {
    const folder = join(bed.folder, 'disk');
    disk = SmallDisk.mount(folder, (32 + 2 * losses.embedded) * mebibyte);
    const files = foldersOf(folder);
    const jobs = { folder: join(folder, 'jobs'), maxAttempts, files };
    const server = await JobServer.start(bed, 'server', { jobs });
    running.push(server);
    const url = (): string => server.url;
    const batches = new Batches(url, files, disk !== undefined);
    const load = new Load(url, 4);
    const faults = new Faults(chance, disk);
    const recoveries = new Recoveries();
    for (let i = 0; i < losses.embedded; i++) {
      await setTimeout(chance.integer(longestLife));
      const fault = faults.next();
      const over = await faults.strike(fault, server, load);
      recoveries.add(fault, (await load.acceptedAfter(over)) - over);
    }
    await conclude('the embedded store', load, batches, recoveries);
    assert.equal(await server.stop(), 0);
  });

  it(`are neither lost nor doubled nor torn by ${losses.redis} losses of Redis and two servers`, async function () {
    const why = whyNoRedis();
    if (why !== undefined) {
      console.log(why);
      this.skip();
    }
    const redis = await RedisServer.start();
    running.push(redis);
    const files = foldersOf(bed.folder);
    const jobs = {
      redis: { url: redis.url },
      folder: join(bed.folder, 'jobs'),
      maxAttempts,
      files,
    };
    const first = await JobServer.start(bed, 'first', { jobs });
    const second = await JobServer.start(bed, 'second', { jobs });
    // Before Redis, so that they can put away what they have.
    running.unshift(first, second);
    let turn = 0;
    const url = (): string => (turn++ % 2 === 0 ? first : second).url;
    const batches = new Batches(url, files, false);
    const load = new Load(url, 4);
    const recoveries = new Recoveries();
    const victims: readonly [Victim, ...Victim[]] = [
      ['SIGKILL of Redis', redis, () => redis.kill()],
      ['SIGKILL of a server', first, () => first.kill()],
      ['a native abort of a server', second, () => second.abort()],
    ];
    for (let i = 0; i < losses.redis; i++) {
      await setTimeout(chance.integer(longestLife));
      const [what, victim, strike] = victims[i] ?? chance.pick(victims);
      await strike();
      const lost = Date.now();
      await victim.restart();
      recoveries.add(what, (await load.acceptedAfter(lost)) - lost);
    }
    await conclude('Redis', load, batches, recoveries);
  });
});

/** Lets what was accepted come to its end, and looks at every piece of it. */
async function conclude(
  store: string,
  load: Load,
  batches: Batches,
  recoveries: Recoveries,
): Promise<void> {
  await load.stop();
  // Said before the rest, so that a time-out tells in which part it was.
  console.log(`      ${store}, seed ${seed}: ${load.count} jobs accepted\n${String(recoveries)}`);
  const begun = Date.now();
  await batches.stop();
  await load.check(batches.ids);
  assert.ok(load.count > 0);
  console.log(
    `      all over and compared after ${Date.now() - begun} ms; ${batches.ids.length} batches, of which ${batches.noRoom} found no room`,
  );
}
