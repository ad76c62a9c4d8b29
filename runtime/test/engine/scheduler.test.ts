import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { mock } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Admission } from '../../src/engine/admission';
import { Scheduler } from '../../src/engine/scheduler';
import type { Tensor } from '../../src/protocol/tensor';
import { addConstant, slow, slowOnDemand } from '../support/models';
import { TemporaryRepository } from '../support/temporary';
import { until } from '../support/until';

function vector(...values: number[]): Tensor[] {
  return [{ name: 'x', datatype: 'FP32', shape: [values.length], data: Float32Array.from(values) }];
}

describe('Scheduler', () => {
  const repository = new TemporaryRepository();
  const file = repository.add('plus', 1, addConstant(10));
  const slowFile = repository.add('slow', 1, slow(3));
  let scheduler: Scheduler;

  beforeEach(() => {
    scheduler = new Scheduler({ workers: 2, intraOpThreads: 1, onWorkerLost: assert.ifError });
  });
  afterEach(() => scheduler.close());
  after(() => {
    repository.remove();
  });

  it('runs more requests than it has threads, each to its own answer', async () => {
    await scheduler.admit('plus', file);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => scheduler.run('plus', vector(i), ['y'])),
    );
    for (const [i, { outputs }] of results.entries()) {
      assert.deepEqual(outputs, [
        { name: 'y', datatype: 'FP32', shape: [1], data: Float32Array.of(i + 10) },
      ]);
    }
    assert.equal(scheduler.waiting('plus'), 0);
  });

  it('lets versions take turns: a long queue of one does not hold the other up', async () => {
    await scheduler.admit('slow', slowFile, { instances: 1 });
    await scheduler.admit('plus', file, { instances: 1 });
    const order: string[] = [];
    const input = (): Tensor[] => [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) },
    ];
    const long = Array.from({ length: 6 }, async () => {
      await scheduler.run('slow', input(), ['y']);
      order.push('slow');
    });
    const short = scheduler.run('plus', vector(1), ['y']).then(() => order.push('plus'));
    await setImmediate();
    assert.equal(scheduler.waiting('slow'), 5);
    await Promise.all([...long, short]);
    assert.ok(order.indexOf('plus') <= 2, order.join(' '));
  });

  it("rejects with the engine's words, and goes on", async () => {
    await scheduler.admit('plus', file);
    const wrong: Tensor[] = [{ ...vector(1)[0]!, name: 'z' }];
    await assert.rejects(scheduler.run('plus', wrong, ['y']), /Missing Input: x/);
    const { outputs } = await scheduler.run('plus', vector(1), ['y']);
    assert.deepEqual(outputs[0]?.data, Float32Array.of(11));
  });

  it('fails alone a request that cannot change threads, and runs what waits behind it', async () => {
    await scheduler.admit('plus', file, { instances: 1 });
    const data = [() => 1] as unknown as string[];
    const stuck: Tensor[] = [{ name: 'x', datatype: 'BYTES', shape: [1], data }];
    const outcomes = Promise.allSettled(
      [stuck, vector(2), stuck, stuck, vector(3)].map((inputs) =>
        scheduler.run('plus', inputs, ['y']),
      ),
    );
    assert.deepEqual(
      (await outcomes).map((outcome) =>
        outcome.status === 'fulfilled'
          ? outcome.value.outputs[0]?.data
          : (outcome.reason as Error).name,
      ),
      [
        'DataCloneError',
        Float32Array.of(12),
        'DataCloneError',
        'DataCloneError',
        Float32Array.of(13),
      ],
    );
  });

  it('refuses a version that it does not hold', async () => {
    await assert.rejects(scheduler.run('none', vector(1), ['y']), /no inference thread holds/);
    await assert.rejects(scheduler.admit('bad', repository.add('bad', 1, 'x')), Error);
    await assert.rejects(scheduler.run('bad', vector(1), ['y']), /no inference thread holds/);
    await scheduler.admit('plus', file);
    await scheduler.release('plus');
    await assert.rejects(scheduler.run('plus', vector(1), ['y']), /no inference thread holds/);
  });

  it('answers what runs and refuses what waits when it closes', async () => {
    await scheduler.admit('slow', slowFile, { instances: 1 });
    const input = [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) },
    ] as const;
    const runs = [1, 2].map(() => scheduler.run('slow', structuredClone(input), ['y']));
    const outcome = Promise.allSettled(runs);
    await setImmediate();
    await scheduler.close();
    assert.deepEqual(
      (await outcome).map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await assert.rejects(runs[1]!, { code: 'SERVER_STOPPING' });
  });

  it('learns that it let in what it drops for its deadline', async () => {
    const expired = mock.method(Admission.prototype, 'learnExpired');
    try {
      await scheduler.admit('slow', slowFile, { instances: 1 });
      const x: Tensor = { name: 'x', datatype: 'FP32', shape: [1, 1], data: new Float32Array(1) };
      const run = (deadline?: number): Promise<unknown> =>
        scheduler.run('slow', [structuredClone(x)], ['y'], { deadline });
      const first = run();
      // Nothing is known yet of what a run costs, so that it is let in.
      const late = run(performance.now() + 2);
      await assert.rejects(late, { code: 'DEADLINE_EXCEEDED' });
      await first;
      assert.equal(expired.mock.callCount(), 1);
    } finally {
      expired.mock.restore();
    }
  });

  it('gives up what waits once its caller has left, and never what runs', async () => {
    await scheduler.admit('slow', slowFile, { instances: 1 });
    await scheduler.admit('plus', file, { instances: 1 });
    const input = (): Tensor[] => [
      { name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) },
    ];
    const callers = [0, 1, 2, 3].map(() => new AbortController());
    const runs = callers.map(({ signal }) =>
      scheduler.run('slow', input(), ['y'], { left: signal }),
    );
    const outcome = Promise.allSettled(runs);
    const other = scheduler.run('plus', vector(1), ['y']);
    await setImmediate();
    assert.equal(scheduler.waiting('slow'), 3);
    for (const caller of callers) caller.abort();
    assert.equal(scheduler.waiting('slow'), 0);
    assert.deepEqual(
      (await outcome).map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'rejected'],
    );
    await assert.rejects(runs[3]!, { code: 'REQUEST_CANCELED' });
    // The empty queue keeps no turn: the thread goes on to the other version, and to new requests.
    assert.deepEqual((await other).outputs[0]?.data, Float32Array.of(11));
    assert.equal((await scheduler.run('slow', input(), ['y'])).outputs.length, 1);
    const left = scheduler.run('plus', vector(1), ['y'], { left: AbortSignal.abort() });
    await assert.rejects(left, { code: 'REQUEST_CANCELED' });
  });

  it('gives a run up that does not end, and goes on with another thread', async () => {
    await scheduler.close();
    const lost: string[] = [];
    let stuck = 0;
    scheduler = new Scheduler({
      workers: 1,
      intraOpThreads: 1,
      runLimitMillis: 300,
      onWorkerLost: ({ message }) => lost.push(message),
      onStuck: () => stuck++,
    });
    await scheduler.admit('endless', repository.add('endless', 1, slowOnDemand(20)));
    const run = (size: number) => {
      const inputs: Tensor[] = [
        { name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) },
        {
          name: 'shape',
          datatype: 'INT64',
          shape: [2],
          data: BigInt64Array.of(BigInt(size), BigInt(size)),
        },
      ];
      return scheduler.run('endless', inputs, ['y']);
    };
    await assert.rejects(run(1500), { message: 'the run did not end within 0.3 s' });
    assert.equal((await run(2)).outputs[0]?.shape.length, 2);
    assert.deepEqual(lost, ['the run did not end within 0.3 s']);
    assert.ok(stuck > 0);
  });

  describe('when a thread is lost after the file was changed', () => {
    const lost: string[] = [];

    /** By a run that does not end; the other thread remains. */
    async function loseThread(): Promise<void> {
      const inputs: Tensor[] = [
        { name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) },
        { name: 'shape', datatype: 'INT64', shape: [2], data: BigInt64Array.of(1500n, 1500n) },
      ];
      await assert.rejects(scheduler.run('endless', inputs, ['y']), /did not end/);
    }

    /** What so many runs at once gave, so that every thread has had some. */
    async function answers(): Promise<readonly number[]> {
      const runs = Array.from({ length: 40 }, () => scheduler.run('plus', vector(1), ['y']));
      const results = await Promise.all(runs);
      const values = results.map(({ outputs }) => Number(outputs[0]?.data[0]));
      return [...new Set(values)].sort((a, b) => a - b);
    }

    let held: string;

    beforeEach(async () => {
      await scheduler.close();
      lost.length = 0;
      scheduler = new Scheduler({
        workers: 2,
        intraOpThreads: 1,
        runLimitMillis: 300,
        onWorkerLost: ({ message }) => lost.push(message),
      });
      held = repository.add('held', 1, addConstant(10));
      await scheduler.admit('endless', repository.add('endless', 1, slowOnDemand(20)));
      await scheduler.admit('plus', held);
    });

    it('loads what was admitted, where another file took its place', async function () {
      // Elsewhere a file has no path but its own.
      if (process.platform !== 'linux') this.skip();
      renameSync(repository.write('new.onnx', addConstant(500)), held);
      await loseThread();
      // The new thread comes a tenth of a second later, and takes up what the lost one held.
      await setTimeout(1000);
      assert.deepEqual(lost, ['the run did not end within 0.3 s']);
      assert.deepEqual(await answers(), [11]);
    });

    it('loads nothing where the file itself was changed: the other thread goes on', async () => {
      writeFileSync(held, addConstant(500));
      await loseThread();
      await until(() => lost.length > 1);
      assert.deepEqual(lost, [
        'the run did not end within 0.3 s',
        'its file was changed after it was loaded; load the model again',
      ]);
      assert.deepEqual(await answers(), [11]);
    });
  });

  it('replaces a thread that is lost: only the run in it fails', async () => {
    // Answers like an inference thread, and ends on the first run of all.
    const script = repository.write(
      'dying-thread.js',
      `const { parentPort } = require('node:worker_threads');
const { existsSync, writeFileSync } = require('node:fs');
parentPort.on('message', ({ kind }) => {
  if (kind === 'run' && !existsSync(__filename + '.died')) {
    writeFileSync(__filename + '.died', '');
    throw new Error('out of luck');
  }
  const outcome = { kind: 'together', outputs: [] };
  parentPort.postMessage({ ok: true, result: { outcome, computeMicros: 0 } });
  if (kind === 'close') parentPort.close();
});`,
    );
    const lost: string[] = [];
    const dying = new Scheduler({
      workers: 1,
      intraOpThreads: 1,
      onWorkerLost: ({ message }) => lost.push(message),
      threadScript: script,
    });
    await dying.admit('plus', file);
    const runs = [1, 2, 3].map((value) => dying.run('plus', vector(value), ['y']));
    const outcome = await Promise.allSettled(runs);
    assert.deepEqual(
      outcome.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    );
    await assert.rejects(runs[0]!, /out of luck/);
    assert.deepEqual(lost, ['out of luck']);
    await dying.close();
  });
});
