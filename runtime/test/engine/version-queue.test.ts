import assert from 'node:assert/strict';
import type { PendingRun } from '../../src/engine/pending-run';
import type { Priority } from '../../src/protocol/urgency';
import { type Batching, VersionQueue } from '../../src/engine/version-queue';
import type { Tensor } from '../../src/protocol/tensor';

interface Asked {
  readonly rows?: number;
  readonly width?: number;
  readonly priority?: Priority;
  readonly since?: number;
  readonly deadline?: number;
  readonly objective?: number;
  readonly outputs?: readonly string[];
}

describe('VersionQueue', () => {
  const refused: Error[] = [];
  beforeEach(() => {
    refused.length = 0;
  });

  function job(asked: Asked = {}): PendingRun {
    const { rows = 1, width = 2, priority = 1, since = 0 } = asked;
    const { deadline = Infinity, objective = Infinity } = asked;
    const data = new Float32Array(rows * width);
    const inputs: Tensor[] = [{ name: 'x', datatype: 'FP32', shape: [rows, width], data }];
    return {
      inputs,
      outputs: asked.outputs ?? ['y'],
      rows,
      bytes: data.byteLength,
      priority,
      since,
      deadline,
      span: undefined,
      objective,
      resolve: () => assert.fail('nothing runs here'),
      reject: (error) => refused.push(error),
    };
  }

  function queueOf(batching: Batching | undefined, millisAtSize: Record<number, number> = {}) {
    const queue = new VersionQueue('m/1#1', batching, 1000);
    const cost = queue.costOf(job().inputs);
    for (const [size, millis] of Object.entries(millisAtSize)) cost.learn(Number(size), millis);
    return queue;
  }
  const eight = { 1: 10, 2: 11, 4: 12, 8: 13, 16: 100 };
  const take = (queue: VersionQueue, now = 0, threads = 1): readonly PendingRun[] | undefined =>
    queue.take(now, threads)?.jobs;

  it('gives requests one by one where they may not share a run', () => {
    const queue = queueOf(undefined);
    const jobs = [job(), job()];
    for (const one of jobs) queue.push(one);
    assert.deepEqual([queue.requests, queue.bytes], [2, 16]);
    assert.deepEqual(take(queue), [jobs[0]]);
    assert.deepEqual(take(queue), [jobs[1]]);
    assert.equal(take(queue), undefined);
  });

  it('gives as many together as pays, in their order', () => {
    const queue = queueOf({ maxRows: 64 }, eight);
    const jobs = Array.from({ length: 11 }, () => job());
    for (const one of jobs) queue.push(one);
    assert.deepEqual(take(queue), jobs.slice(0, 8));
    assert.deepEqual(take(queue), jobs.slice(8));
  });

  it('shares what waits out to the threads that are idle', () => {
    const queue = queueOf({ maxRows: 64 }, eight);
    const jobs = Array.from({ length: 7 }, () => job());
    for (const one of jobs) queue.push(one);
    assert.deepEqual(take(queue, 0, 2), jobs.slice(0, 4));
    assert.deepEqual(take(queue, 0, 1), jobs.slice(4));
  });

  it('never exceeds the greatest batch but for a request that does so by itself', () => {
    const queue = queueOf({ maxRows: 4 }, eight);
    const jobs = [job({ rows: 3 }), job({ rows: 2 }), job({ rows: 9 })];
    for (const one of jobs) queue.push(one);
    assert.deepEqual(take(queue), [jobs[0]]);
    assert.deepEqual(take(queue), [jobs[1]]);
    assert.deepEqual(take(queue), [jobs[2]]);
  });

  it('never joins rows of different shapes, choices of outputs or priorities', () => {
    const queue = queueOf({ maxRows: 64 }, eight);
    const jobs = [job(), job({ width: 3 }), job({ outputs: ['z'] }), job({ priority: 2 })];
    for (const one of jobs) queue.push(one);
    assert.deepEqual(
      jobs.map(() => take(queue)?.length),
      [1, 1, 1, 1],
    );
  });

  it('never joins a request whose inputs differ in their rows', () => {
    const queue = queueOf({ maxRows: 64 }, eight);
    const uneven = (): PendingRun => {
      const one = job();
      const other = job({ rows: 2 }).inputs[0]!;
      return { ...one, inputs: [...one.inputs, { ...other, name: 'z' }] };
    };
    queue.push(uneven());
    queue.push(uneven());
    assert.equal(take(queue)?.length, 1);
  });

  it('gives the urgent first, and nothing waits for ever', () => {
    const queue = queueOf({ maxRows: 1 }, { 1: 10 });
    const [later, usual, urgent] = ([2, 1, 0] as const).map((priority) => job({ priority }));
    for (const one of [later!, usual!, urgent!]) queue.push(one);
    assert.equal(queue.urgency(0), 0);
    assert.deepEqual([take(queue), take(queue), take(queue)], [[urgent], [usual], [later]]);
    const old = job({ priority: 2, since: 0 });
    queue.push(old);
    queue.push(job({ priority: 1, since: 10_001 }));
    assert.deepEqual(take(queue, 10_001), [old]);
  });

  it('rejects what would be late, and counts it no more', () => {
    const queue = queueOf({ maxRows: 1 }, { 1: 10 });
    const jobs = [job({ deadline: 109 }), job({ deadline: 111 })];
    for (const one of jobs) queue.push(one);
    assert.deepEqual(take(queue, 100), [jobs[1]]);
    assert.deepEqual(
      refused.map((error) => (error as { code?: string }).code),
      ['DEADLINE_EXCEEDED'],
    );
    assert.deepEqual([queue.requests, queue.bytes], [0, 0]);
  });

  it('refuses what waited for too long to be answered in time, whatever runs long by itself', () => {
    const queue = queueOf({ maxRows: 1 }, { 1: 10 });
    const jobs = [job({ objective: 109 }), job({ objective: 111 })];
    for (const one of jobs) queue.push(one);
    assert.deepEqual(take(queue, 100), [jobs[1]]);
    assert.deepEqual(
      refused.map((error) => (error as { code?: string }).code),
      ['OVERLOADED'],
    );
    const long = queueOf({ maxRows: 1 }, { 1: 10 });
    const waited = job({ since: 100, objective: 115 });
    long.push(waited);
    assert.deepEqual(take(long, 110), [waited]);
  });

  it('holds requests back for others where it is told to, and no longer', () => {
    const queue = queueOf({ maxRows: 4, delayMillis: 5 }, { 1: 10, 2: 11, 4: 12 });
    queue.push(job({ since: 100 }));
    assert.equal(queue.urgency(104), Infinity);
    assert.equal(take(queue, 104), undefined);
    assert.equal(queue.heldFor(104), 1);
    assert.equal(take(queue, 105)?.length, 1);
    for (let i = 0; i < 4; i++) queue.push(job({ since: 200 }));
    assert.equal(take(queue, 200)?.length, 4);
  });

  it('lets a request be taken out for as long as it waits', () => {
    const queue = queueOf({ maxRows: 4 }, eight);
    const takeOut = queue.push(job());
    const other = job();
    const takeOther = queue.push(other);
    assert.equal(takeOut(), true);
    assert.equal(takeOut(), false);
    assert.deepEqual(take(queue), [other]);
    assert.equal(takeOther(), false);
    assert.equal(queue.requests, 0);
  });

  it('tells what is expected of as urgent requests', () => {
    const queue = queueOf({ maxRows: 64 }, eight);
    for (let i = 0; i < 8; i++) queue.push(job());
    queue.push(job({ priority: 2 }));
    assert.equal(queue.expectedMillis(1), 13);
    assert.equal(queue.expectedMillis(2), 13 + 13 / 8);
  });
});
