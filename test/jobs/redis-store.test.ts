import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { jobQueueKey } from '@manara/contract';
import { RedisStore } from '@manara/runtime/build/src/jobs/redis/redis-store';
import { ServerLog } from '@manara/runtime/build/src/telemetry/logger';
import {
  ending,
  maxBytes,
  newJob,
  storeContract,
} from '@manara/runtime/build/test/jobs/store-contract';
import { RedisServer, whyNoRedis } from '../support/redis-server';

const silent = new ServerLog('error', { write: () => undefined });
const leaseMillis = 300;

describe('RedisStore', () => {
  let redis: RedisServer;
  let prefixes = 0;
  let prefix = '';
  // What a failed test leaves open would keep mocha from ending.
  const opened: { close(): Promise<void> }[] = [];
  const others: RedisServer[] = [];
  const again = async (server = redis): Promise<RedisStore> => {
    const store = new RedisStore({ url: server.url, prefix }, maxBytes, silent, leaseMillis);
    opened.push(store);
    await connected(store);
    return store;
  };
  const open = (): Promise<RedisStore> => {
    prefix = `test${++prefixes}`;
    return again();
  };

  before(async function () {
    const why = whyNoRedis();
    if (why !== undefined) {
      console.log(why);
      this.skip();
    }
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const server of others.splice(0)) await server.stop();
  });
  after(async function () {
    if (whyNoRedis() === undefined) await redis.stop();
  });

  describe('as a store of jobs', () => {
    storeContract(open);
  });

  it('hands a job on whose server says nothing any more, and takes one result', async () => {
    const lost = await open();
    const other = await again();
    await lost.add(newJob('a'));
    await lost.take(2000);
    assert.equal(await other.take(3000), undefined);
    await setTimeout(leaseMillis + 50);
    const taken = await other.take(3000);
    assert.equal(taken?.id, 'a');
    assert.equal(taken.attempts, 2);
    assert.equal(await lost.report('a', undefined), false, 'it is not its job any more');
    await lost.putBack('a', 0);
    assert.equal((await other.get('a'))?.state, 'running');
    assert.equal(await lost.finish('a', ending('late, and yet the first')), true);
    assert.equal(await other.finish('a', ending('second')), false);
    assert.equal(String((await other.result('a'))?.body), 'late, and yet the first');
  });

  it('has an entry in its queue for each job that waits or runs, for what scales by them', async () => {
    const store = await open();
    const length = () => redis.streamLength(jobQueueKey(prefix));
    for (const id of ['a', 'b', 'c']) await store.add(newJob(id));
    assert.equal(await length(), 3);
    await store.take(2000);
    assert.equal(await length(), 3);
    await store.finish('a', ending('done'));
    assert.equal(await length(), 2);
  });

  it('leaves a job where it is that gives signs of life', async () => {
    const store = await open();
    const other = await again();
    await store.add(newJob('a'));
    await store.take(2000);
    for (let i = 0; i < 4; i++) {
      await setTimeout(leaseMillis / 2);
      assert.equal(await store.report('a', undefined), true);
      assert.equal(await other.take(3000), undefined);
    }
  });

  it('is away while Redis is, and keeps what it acknowledged', async () => {
    const own = await RedisServer.start();
    others.push(own);
    const store = await again(own);
    await store.add(newJob('a'));
    await own.kill();
    await assert.rejects(store.add(newJob('b')), { code: 'JOB_STORE_AWAY', httpStatus: 503 });
    await own.restart();
    await connected(store);
    assert.equal((await store.get('a'))?.state, 'queued');
    assert.equal(await store.get('b'), undefined);
  });

  it('is not used where Redis keeps nothing on disk', async () => {
    const own = await RedisServer.start(['--appendonly', 'no']);
    others.push(own);
    const store = new RedisStore({ url: own.url, prefix }, maxBytes, silent);
    opened.push(store);
    await setTimeout(300);
    await assert.rejects(store.add(newJob('a')), {
      code: 'JOB_STORE_AWAY',
      message: /appendonly yes/,
    });
    await own.configure('appendonly', 'yes');
    await connected(store);
    assert.equal(await store.add(newJob('a')), undefined, 'it is looked at again');
  });

  it('is used once Redis has loaded what it has on disk, though it was connected before', async () => {
    // Slow enough to be looked at meanwhile: Redis does that once in 1024 commands that it loads.
    const own = await RedisServer.start(['--key-load-delay', '300']);
    others.push(own);
    const store = await again(own);
    await Promise.all(Array.from({ length: 600 }, (_, i) => store.add(newJob(`job ${i}`))));
    await own.kill();
    await own.restart();
    await connected(store);
    assert.equal((await store.get('job 599'))?.state, 'queued');
  });

  it('is full where Redis has no memory left, and can make room', async () => {
    const own = await RedisServer.start(['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction']);
    others.push(own);
    const store = await again(own);
    const fill = async (i = 0): Promise<number> => {
      try {
        await store.add(newJob(`job ${i}`, { input: Buffer.alloc(200_000) }));
      } catch (error) {
        assert.equal((error as { readonly code?: string }).code, 'JOB_STORE_FULL');
        return i;
      }
      return fill(i + 1);
    };
    const added = await fill();
    assert.ok(added > 0);
    assert.equal((await store.list('ann', 100)).jobs.length, added);
    await store.cancel('job 0', 2000, 3000);
    assert.deepEqual((await store.sweep(3000, 0)).expired, ['job 0']);
  });
});

async function connected(store: RedisStore): Promise<void> {
  for (const end = Date.now() + 10_000; ;) {
    try {
      await store.get('any');
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(20);
    }
  }
}
