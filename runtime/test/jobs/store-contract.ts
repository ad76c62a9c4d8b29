import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { answerId } from '../../src/idempotency/answer-id';
import type { Ending, NewJob } from '../../src/jobs/job';
import type { JobStore } from '../../src/jobs/store';

export const maxBytes = 1024 ** 2;

export function newJob(id: string, more: Partial<NewJob> = {}): NewJob {
  return {
    id,
    caller: 'ann',
    request: { kind: 'infer', model: 'm', version: '1', headers: {}, options: { jsonLength: 3 } },
    fingerprint: `print of ${id}`,
    createdAt: 1000,
    callback: undefined,
    input: Buffer.from(`input of ${id}`),
    ...more,
  };
}

export function ending(text: string, more: Partial<Ending> = {}): Ending {
  const reply = { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
  return { state: 'succeeded', reply, failure: undefined, at: 3000, expiresAt: 9000, ...more };
}

/** What every store of jobs has to do. @param open - opens one that is empty, of `maxBytes`. */
export function storeContract(open: () => Promise<JobStore>): void {
  let store: JobStore;
  const text = async (id: string): Promise<string | undefined> => {
    const result = await store.result(id);
    return result && Buffer.from(result.body).toString();
  };

  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  it('gives a job back as it was added, queued', async () => {
    const job = newJob('a', { callback: 'https://x/y' });
    assert.equal(await store.add(job), undefined);
    const { input, ...known } = job;
    assert.deepEqual(await store.get('a'), {
      ...known,
      state: 'queued',
      startedAt: undefined,
      finishedAt: undefined,
      expiresAt: undefined,
      attempts: 0,
      progress: undefined,
      failure: undefined,
      delivery: undefined,
    });
    assert.deepEqual(Buffer.from((await store.input('a')) ?? []), Buffer.from(input));
    assert.equal(await store.result('a'), undefined);
    assert.equal(await store.get('b'), undefined);
  });

  it('adds a job of a known id once, and gives the one that is there', async () => {
    await store.add(newJob('a'));
    const there = await store.add(newJob('a', { fingerprint: 'another', caller: 'bob' }));
    assert.equal(there?.fingerprint, 'print of a');
    assert.equal(there.caller, 'ann');
    assert.equal((await store.take(2000))?.id, 'a');
    assert.equal(await store.take(2000), undefined);
  });

  it('hands jobs out in the order of their arrival, each once', async () => {
    for (const id of ['a', 'b', 'c']) await store.add(newJob(id));
    const taken = await Promise.all([store.take(2000), store.take(2000), store.take(2000)]);
    assert.deepEqual(taken.map((job) => job?.id).sort(), ['a', 'b', 'c']);
    assert.equal(taken[0]?.id, 'a');
    assert.equal(await store.take(2000), undefined);
    const job = await store.get('a');
    assert.equal(job?.state, 'running');
    assert.equal(job.startedAt, 2000);
    assert.equal(job.attempts, 1);
  });

  it('keeps the first of two endings', async () => {
    await store.add(newJob('a'));
    await store.take(2000);
    assert.equal(await store.finish('a', ending('first')), true);
    assert.equal(await store.finish('a', ending('second', { state: 'failed' })), false);
    const job = await store.get('a');
    assert.equal(job?.state, 'succeeded');
    assert.equal(job.finishedAt, 3000);
    assert.equal(job.expiresAt, 9000);
    assert.equal(await text('a'), 'first');
    assert.deepEqual((await store.result('a'))?.headers, { 'content-type': 'text/plain' });
    assert.equal(await store.input('a'), undefined, 'nobody needs the input any more');
    assert.equal(await store.take(4000), undefined);
  });

  it('ends and takes away a job whose input and result are in files', async () => {
    for (const id of ['a', 'b']) await store.add(newJob(id, { input: Buffer.alloc(0) }));
    assert.equal((await store.take(2000))?.id, 'a');
    assert.equal(await store.finish('a', ending('')), true);
    assert.equal(await text('a'), '');
    assert.equal(await store.cancel('b', 3000, 9000), true);
    assert.deepEqual([...(await store.sweep(9000, 1000)).expired].sort(), ['a', 'b']);
  });

  it('keeps what a job failed with', async () => {
    await store.add(newJob('a'));
    await store.take(2000);
    const failure = { code: 'ENGINE_FAILED', message: 'no' };
    await store.finish('a', ending('{"error":"no"}', { state: 'failed', failure }));
    assert.deepEqual((await store.get('a'))?.failure, failure);
    assert.equal(await text('a'), '{"error":"no"}');
  });

  it('does not end a job that nobody took, or nobody knows', async () => {
    await store.add(newJob('a'));
    assert.equal(await store.finish('a', ending('x')), false);
    assert.equal(await store.finish('b', ending('x')), false);
    assert.equal((await store.get('a'))?.state, 'queued');
  });

  it('takes a job back into the queue, not before its time and without counting the attempt', async () => {
    await store.add(newJob('a'));
    await store.take(2000);
    await store.putBack('a', 5000);
    assert.equal((await store.get('a'))?.state, 'queued');
    assert.equal(await store.take(4999), undefined);
    const again = await store.take(5000);
    assert.equal(again?.id, 'a');
    assert.equal(again.attempts, 1);
  });

  it('keeps how far a job is, and says whether it still runs', async () => {
    await store.add(newJob('a'));
    const progress = { rows: 7, bytes: 70, totalBytes: 100, resume: { chunk: 3 } };
    assert.equal(await store.report('a', progress), false);
    await store.take(2000);
    assert.equal(await store.report('a', progress), true);
    assert.equal(await store.report('a', undefined), true);
    assert.deepEqual((await store.get('a'))?.progress, progress);
    await store.finish('a', ending('x'));
    assert.equal(await store.report('a', undefined), false);
  });

  it('cancels a job that waits or runs, and takes no result of it', async () => {
    await store.add(newJob('a'));
    await store.add(newJob('b'));
    await store.take(2000);
    for (const id of ['a', 'b']) {
      assert.equal(await store.cancel(id, 2500, 8000), true);
      assert.equal(await store.cancel(id, 2600, 8000), false);
      const job = await store.get(id);
      assert.equal(job?.state, 'canceled');
      assert.equal(job.finishedAt, 2500);
      assert.equal(await store.input(id), undefined);
    }
    assert.equal(await store.finish('a', ending('late')), false);
    assert.equal(await store.report('a', undefined), false);
    assert.equal(await store.take(3000), undefined);
    await store.putBack('a', 0);
    assert.equal(await store.take(3000), undefined);
  });

  it('lists the jobs of a caller in pages, the youngest first', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await store.add(newJob(id));
    await store.add(newJob('z', { caller: 'bob' }));
    const first = await store.list('ann', 2);
    assert.deepEqual(
      first.jobs.map(({ id }) => id),
      ['e', 'd'],
    );
    await store.add(newJob('f'));
    const second = await store.list('ann', 2, first.next);
    assert.deepEqual(
      second.jobs.map(({ id }) => id),
      ['c', 'b'],
    );
    const third = await store.list('ann', 2, second.next);
    assert.deepEqual(
      third.jobs.map(({ id }) => id),
      ['a'],
    );
    assert.equal(third.next, undefined);
    assert.deepEqual(await store.list('eve', 2), { jobs: [], next: undefined });
  });

  it('takes results away when their time is over, and jobs later', async () => {
    await store.add(newJob('a'));
    await store.add(newJob('b'));
    await store.take(2000);
    await store.finish('a', ending('x', { expiresAt: 5000 }));
    assert.deepEqual(await store.sweep(4999, 1000), { expired: [], removed: 0 });
    assert.deepEqual(await store.sweep(5000, 1000), { expired: ['a'], removed: 0 });
    assert.equal((await store.get('a'))?.state, 'expired');
    assert.equal(await store.result('a'), undefined);
    assert.deepEqual(await store.sweep(5999, 1000), { expired: [], removed: 0 });
    assert.deepEqual(await store.sweep(6000, 1000), { expired: [], removed: 1 });
    assert.equal(await store.get('a'), undefined);
    const { jobs } = await store.list('ann', 10);
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['b'],
    );
  });

  it('refuses a job that there is no room for, whole, and takes it once there is', async () => {
    const large = (id: string): NewJob => newJob(id, { input: Buffer.alloc(maxBytes / 4) });
    for (const id of ['a', 'b', 'c']) await store.add(large(id));
    await assert.rejects(store.add(large('d')), { code: 'JOB_STORE_FULL', httpStatus: 507 });
    assert.equal(await store.get('d'), undefined);
    assert.equal((await store.list('ann', 10)).jobs.length, 3);
    await store.cancel('a', 2000, 9000);
    await store.add(large('d'));
  });

  it('leaves a job running whose result finds no room', async () => {
    const large = Buffer.alloc(maxBytes / 4);
    for (const id of ['a', 'b', 'c']) await store.add(newJob(id, { input: large }));
    await store.take(2000);
    const reply = { status: 200, headers: {}, body: Buffer.alloc(maxBytes / 2) };
    await assert.rejects(store.finish('a', ending('', { reply })), { code: 'JOB_STORE_FULL' });
    assert.equal((await store.get('a'))?.state, 'running');
    assert.equal((await store.input('a'))?.byteLength, large.byteLength);
    await store.cancel('b', 2000, 9000);
    assert.equal(await store.finish('a', ending('', { reply })), true);
  });

  it('hands out the event of a job that is over, until it is delivered', async () => {
    await store.add(newJob('a', { callback: 'https://x/y' }));
    await store.add(newJob('b'));
    assert.equal(await store.takeDelivery(9000, 9500), undefined);
    await store.take(2000);
    await store.take(2000);
    await store.finish('a', ending('x'));
    await store.finish('b', ending('x'));
    const due = await store.takeDelivery(3000, 3500);
    assert.equal(due?.id, 'a');
    assert.deepEqual(due.delivery, { state: 'pending', attempts: 0 });
    assert.equal(await store.takeDelivery(3499, 4000), undefined, 'it is in hand');
    assert.equal((await store.takeDelivery(3500, 4000))?.id, 'a', 'nobody said what became of it');
    const tried = { state: 'pending', attempts: 1, at: 3600, error: '500' } as const;
    await store.noteDelivery('a', tried, 5000);
    assert.deepEqual((await store.get('a'))?.delivery, tried);
    assert.equal(await store.takeDelivery(4999, 5500), undefined);
    assert.equal((await store.takeDelivery(5000, 5500))?.id, 'a');
    await store.noteDelivery('a', { state: 'delivered', attempts: 2, at: 5100 }, undefined);
    assert.equal(await store.takeDelivery(99_999, 100_000), undefined);
  });

  it('tells of a canceled job as well', async () => {
    await store.add(newJob('a', { callback: 'https://x/y' }));
    await store.cancel('a', 2000, 9000);
    assert.equal((await store.takeDelivery(2000, 2500))?.id, 'a');
  });

  describe('of answers to requests that may be sent twice', () => {
    const [ann, bob] = ['ann', 'bob'].map((caller) => (key: string) => answerId(caller, key)) as [
      (key: string) => string,
      (key: string) => string,
    ];
    const k = ann('k');
    let now: number;
    beforeEach(() => {
      now = Date.now();
    });
    const begin = (id: string, print = 'p'): ReturnType<JobStore['beginAnswer']> =>
      store.beginAnswer(id, print, now, now + 60_000);
    const keep = (id: string, answer: string | Uint8Array, print = 'p'): Promise<void> =>
      store.keepAnswer(id, print, Buffer.from(answer), now + 60_000);
    const answer = async (id: string, print = 'p'): Promise<string | undefined> => {
      const begun = await begin(id, print);
      return begun.kind === 'done' ? Buffer.from(begun.answer).toString() : undefined;
    };

    it('knows a key from its first request on', async () => {
      assert.deepEqual(await begin(k), { kind: 'new' });
      assert.deepEqual(await begin(k), { kind: 'busy' });
      assert.deepEqual(await begin(k, 'another'), { kind: 'other' });
      assert.deepEqual(await begin(ann('l')), { kind: 'new' });
      await keep(k, 'answer');
      assert.equal(await answer(k), 'answer');
      assert.deepEqual(await begin(k, 'another'), { kind: 'other' });
    });

    it('forgets a key whose request failed, but no answer', async () => {
      await begin(k);
      await store.dropAnswer(k, 'p');
      assert.deepEqual(await begin(k, 'another'), { kind: 'new' });
      await keep(k, 'answer', 'another');
      await store.dropAnswer(k, 'another');
      assert.equal(await answer(k, 'another'), 'answer');
    });

    it('forgets a key when its time is over, unless its request is still under way', async () => {
      await store.beginAnswer(k, 'p', now, now + 1);
      await setTimeout(10);
      assert.deepEqual(await store.beginAnswer(k, 'p', now + 2, now + 60_000), { kind: 'new' });
      const l = ann('l');
      await store.beginAnswer(l, 'p', Date.now(), Date.now() + 500);
      await store.holdAnswer(l, 'p', Date.now() + 60_000);
      await setTimeout(600);
      assert.deepEqual(await store.beginAnswer(l, 'p', Date.now(), Date.now() + 60_000), {
        kind: 'busy',
      });
    });

    it('takes nothing more of a request that was taken for lost', async () => {
      await store.beginAnswer(k, 'p', now, now + 1);
      await setTimeout(10);
      await store.beginAnswer(k, 'another', now + 2, now + 60_000);
      await keep(k, 'of the first');
      await store.dropAnswer(k, 'p');
      await store.holdAnswer(k, 'p', now);
      assert.deepEqual(await begin(k, 'another'), { kind: 'busy' });
      await keep(k, 'of the second', 'another');
      await keep(k, 'of the third', 'another');
      assert.equal(await answer(k, 'another'), 'of the second');
    });

    it('forgets the oldest of whoever has most, and leaves jobs their room', async () => {
      await begin(bob('k'));
      await keep(bob('k'), 'of bob');
      const [first, ...others] = Array.from({ length: 40 }, (_, i) => ann(`k${i}`));
      const large = Buffer.alloc(maxBytes / 32);
      for (const [i, id] of [first!, ...others].entries()) {
        await begin(id);
        await store.keepAnswer(id, 'p', large, now + 60_000 + i);
      }
      assert.equal(await answer(bob('k')), 'of bob');
      assert.equal((await begin(others.at(-1)!)).kind, 'done');
      assert.equal((await begin(first!)).kind, 'new');
      const job = (id: string): NewJob => newJob(id, { input: Buffer.alloc(maxBytes / 4) });
      for (const id of ['a', 'b']) await store.add(job(id));
    });

    it('refuses an answer that is larger than all may be', async () => {
      await begin(k);
      await assert.rejects(keep(k, Buffer.alloc(maxBytes / 4)), { code: 'JOB_STORE_FULL' });
      assert.deepEqual(await begin(k), { kind: 'busy' });
    });

    it('leaves the results of jobs what was promised to them', async () => {
      const jobs = newJob('a', { input: Buffer.alloc(maxBytes * 0.85) });
      await store.add(jobs);
      await begin(k);
      await assert.rejects(keep(k, Buffer.alloc(maxBytes * 0.1)), { code: 'JOB_STORE_FULL' });
    });

    it('counts an answer no more once its time is over', async () => {
      const large = Buffer.alloc(maxBytes / 5);
      for (let i = 0; i < 3; i++) {
        const id = ann(`k${i}`);
        await store.beginAnswer(id, 'p', Date.now(), Date.now() + 60_000);
        await store.keepAnswer(id, 'p', large, Date.now() + 20);
        await setTimeout(30);
        if (i > 0) await store.sweep(Date.now(), 1000);
        // The same key again, whether or not a sweep has been by.
        await store.beginAnswer(id, 'p', Date.now(), Date.now() + 60_000);
        await store.keepAnswer(id, 'p', large, Date.now() + 20);
        await setTimeout(30);
        await store.sweep(Date.now(), 1000);
      }
      // With any of them counted still there would be no room for three quarters.
      for (const id of ['a', 'b', 'c']) {
        await store.add(newJob(id, { input: Buffer.alloc(maxBytes * 0.28) }));
      }
    });
  });
}
