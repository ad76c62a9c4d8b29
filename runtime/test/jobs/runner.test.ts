import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { anonymous } from '../../src/call';
import { errors } from '../../src/errors';
import { EmbeddedStore } from '../../src/jobs/embedded/embedded-store';
import { type JobExecutor, JobRunner } from '../../src/jobs/runner';
import { ServerLog } from '../../src/telemetry/logger';
import { until } from '../support/until';
import { maxBytes, newJob } from './store-contract';

const settings = {
  concurrency: 1,
  resultTtlSeconds: 60,
  maxAttempts: 3,
  retrySeconds: 60,
  ordererOf: () => anonymous,
};

/** Gives as many bytes as a job's input says. */
const executor: JobExecutor = {
  isResumable: false,
  run: ({ input }) => {
    const body = Buffer.alloc(Number(Buffer.from(input).toString()));
    return Promise.resolve({ status: 200, headers: {}, body });
  },
  release: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

describe('JobRunner', () => {
  let folder: string;
  let store: EmbeddedStore;
  let runner: JobRunner;
  let over: string[];

  const start = (executors: JobExecutor): void => {
    const both = { infer: executors, batch: executors };
    const log = new ServerLog('error', { write: () => undefined });
    runner = new JobRunner(store, both, settings, log, ({ id }) => over.push(id));
    runner.start();
  };

  beforeEach(async () => {
    over = [];
    folder = mkdtempSync(join(tmpdir(), 'manara-jobs-'));
    store = await EmbeddedStore.open({ folder, maxBytes });
  });
  afterEach(async () => {
    await runner.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('runs other jobs while a result finds no room', async () => {
    const now = { createdAt: Date.now() };
    await store.add(newJob('large', { ...now, input: Buffer.from(String(maxBytes + 1)) }));
    await store.add(newJob('small', { ...now, input: Buffer.from('10') }));
    start(executor);
    await until(() => over.length > 0);
    assert.deepEqual(over, ['small']);
    assert.equal((await store.get('small'))?.state, 'succeeded');
    assert.equal((await store.get('large'))?.state, 'running');
  });

  it('runs no more at once than it is told while none of them waits', async () => {
    let atOnce = 0;
    let most = 0;
    for (const id of ['a', 'b', 'c']) await store.add(newJob(id, { input: Buffer.from('1') }));
    start({
      ...executor,
      run: async (work) => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 20));
        atOnce--;
        return executor.run(work);
      },
    });
    await until(() => over.length === 3);
    assert.equal(most, 1);
  });

  it('tries again no sooner than a limit says', async () => {
    const tries: number[] = [];
    await store.add(newJob('a', { createdAt: Date.now() }));
    start({
      ...executor,
      run: () => {
        tries.push(Date.now());
        if (tries.length === 1) throw errors.rateLimited('ann', '1 rows a second', 2);
        return Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(1) });
      },
    });
    await until(() => over.length === 1);
    const [first = 0, second = 0] = tries;
    assert.ok(second - first >= 2000, `tried again after ${second - first} ms`);
  });

  describe('told that a job is not its own any more', () => {
    /** Goes on until it is not wanted. */
    const untilLeft: JobExecutor = {
      ...executor,
      run: async ({ terms, report }) => {
        while (!terms.left.aborted) await report({ rows: 1, bytes: 1, totalBytes: 2, resume: {} });
        throw errors.requestCanceled();
      },
    };

    it('says nothing of how a job ends that another server runs, and leaves its files', async () => {
      await store.add(newJob('a'));
      mock.method(store, 'report', () => Promise.resolve(false));
      const taken = mock.method(store, 'take');
      start(untilLeft);
      await until(() => taken.mock.callCount() > 1);
      await runner.idle();
      assert.equal((await store.get('a'))?.state, 'running');
      assert.deepEqual(over, []);
    });

    it('has the files removed of one that was canceled', async () => {
      await store.add(newJob('a'));
      start(untilLeft);
      await until(async () => (await store.get('a'))?.state === 'running');
      await store.cancel('a', 2000, 3000);
      await until(() => over.length > 0);
      assert.deepEqual(over, ['a']);
      assert.equal((await store.get('a'))?.state, 'canceled');
    });
  });
});
