import assert from 'node:assert/strict';
import { type AdmitOptions, Scheduler } from '../../src/engine/scheduler';
import type { Execution } from '../../src/engine/version';
import type { Tensor } from '../../src/protocol/tensor';
import { addConstant, perceptron, noise, slow } from '../support/models';
import { onnxFile } from '../support/onnx';
import { TemporaryRepository } from '../support/temporary';

/** Looks each row's index up in a table of four. */
function table(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'INT64', dims: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['n'] }],
    nodes: [{ op: 'Gather', inputs: ['table', 'x'], outputs: ['y'] }],
    weights: [{ name: 'table', dims: [4], data: Float32Array.of(10, 11, 12, 13) }],
  });
}

/** Gives the sum of all rows, one number whatever came in. */
function sumOfAll(): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: [1] }],
    nodes: [{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['y'] }],
    weights: [{ name: 'axes', dims: [1], data: BigInt64Array.of(0n) }],
  });
}

const floats = (...values: number[]): Tensor[] => [
  { name: 'x', datatype: 'FP32', shape: [values.length], data: Float32Array.from(values) },
];

describe('Scheduler, several requests in a run', () => {
  const repository = new TemporaryRepository();
  const runs: Execution[] = [];
  let scheduler: Scheduler;
  let count = 0;

  beforeEach(() => {
    runs.length = 0;
    scheduler = new Scheduler({ workers: 1, intraOpThreads: 1, onWorkerLost: assert.ifError });
  });
  afterEach(() => scheduler.close());
  after(() => {
    repository.remove();
  });

  async function admit(model: Uint8Array, options: AdmitOptions = {}): Promise<void> {
    const onRun = (run: Execution): void => {
      runs.push(run);
    };
    const batching = { maxRows: 64 };
    await scheduler.admit('m', repository.add('m', ++count, model), {
      batching,
      onRun,
      ...options,
    });
  }

  for (const [where, inlineRows] of [
    ['an inference thread', undefined],
    ['the I/O thread', 64],
  ] as const) {
    it(`gives each its own answer, in fewer runs than requests, on ${where}`, async () => {
      const warmUp = {
        inputs: (size: number): Tensor[] => [
          { name: 'x', datatype: 'FP32', shape: [size, 20], data: new Float32Array(size * 20) },
        ],
        outputs: ['y'],
      };
      await admit(perceptron(), { inlineRows, warmUp });
      const rows = Array.from({ length: 200 }, (_, i) => noise(20, i + 1));
      const ask = (data: Float32Array) =>
        scheduler.run('m', [{ name: 'x', datatype: 'FP32', shape: [1, 20], data }], ['y']);
      const alone = [];
      for (const row of rows.slice(0, 20)) alone.push(await ask(row.slice()));
      runs.length = 0;
      const together = await Promise.all(rows.map((row) => ask(row.slice())));
      assert.ok(runs.length < 100, `${runs.length} runs`);
      assert.equal(
        runs.reduce((sum, { jobs }) => sum + jobs.length, 0),
        200,
      );
      for (const [i, { outputs }] of alone.entries()) {
        const [expected, received] = [outputs[0]!, together[i]!.outputs[0]!];
        assert.deepEqual(received.shape, [1, 2]);
        for (const [n, value] of (expected.data as Float32Array).entries()) {
          assert.ok(Math.abs(value - (received.data as Float32Array)[n]!) < 1e-6);
        }
      }
    });
  }

  it('joins requests of several rows, and gives back as many', async () => {
    await admit(addConstant(100));
    const answers = await Promise.all(
      [floats(1), floats(2, 3), floats(4, 5, 6), floats(7)].map((inputs) =>
        scheduler.run('m', inputs, ['y']),
      ),
    );
    assert.deepEqual(
      answers.map(({ outputs }) => Array.from(outputs[0]!.data as Float32Array)),
      [[101], [102, 103], [104, 105, 106], [107]],
    );
  });

  it('fails alone the request whose values the engine refuses', async () => {
    await admit(table());
    const indices = [0, 1, 99, 3, 2];
    const outcomes = await Promise.allSettled(
      indices.map((index) => {
        const data = BigInt64Array.of(BigInt(index));
        return scheduler.run('m', [{ name: 'x', datatype: 'INT64', shape: [1], data }], ['y']);
      }),
    );
    assert.deepEqual(
      outcomes.map((outcome) =>
        outcome.status === 'fulfilled'
          ? (outcome.value.outputs[0]!.data as Float32Array)[0]
          : (outcome.reason as Error).message.includes('out of'),
      ),
      [10, 11, true, 13, 12],
    );
  });

  it('stops joining where the answers cannot be told apart, and gives right ones all the while', async () => {
    await admit(sumOfAll());
    for (let round = 0; round < 6; round++) {
      const answers = await Promise.all(
        [1, 2, 3].map((value) => scheduler.run('m', floats(value), ['y'])),
      );
      assert.deepEqual(
        answers.map(({ outputs }) => (outputs[0]!.data as Float32Array)[0]),
        [1, 2, 3],
      );
    }
    assert.deepEqual(
      runs.slice(-3).map(({ jobs }) => jobs.length),
      [1, 1, 1],
    );
  });

  it('runs a request that is too large for the I/O thread in an inference thread', async () => {
    await admit(addConstant(1), { inlineRows: 4 });
    const { outputs } = await scheduler.run('m', floats(1, 2, 3, 4, 5), ['y']);
    assert.deepEqual(outputs[0]?.data, Float32Array.of(2, 3, 4, 5, 6));
    assert.deepEqual(
      runs.map(({ rows }) => rows),
      [5],
    );
  });

  it('refuses at once what could not be answered in time, and answers the rest in time', async () => {
    const batching = undefined;
    await admit(slow(3), { batching, objectiveMillis: 400 });
    const ask = () =>
      scheduler.run(
        'm',
        [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) }],
        ['y'],
      );
    for (let i = 0; i < 3; i++) await ask();
    const begin = performance.now();
    const times: number[] = [];
    const refused: number[] = [];
    await Promise.all(
      Array.from({ length: 300 }, () =>
        ask().then(
          () => times.push(performance.now() - begin),
          (error: unknown) => {
            assert.equal((error as { code: string }).code, 'OVERLOADED');
            refused.push(performance.now() - begin);
          },
        ),
      ),
    );
    assert.ok(times.length >= 2 && refused.length > 100, `${times.length} ${refused.length}`);
    assert.ok(Math.max(...refused) < Math.min(...times), 'a refusal waited for the engine');
    assert.throws(() => {
      for (let i = 0; i < 300; i++) void ask().catch(() => undefined);
      scheduler.checkLoad('m');
    }, /at its capacity/);
  });

  it('refuses what is late already, and drops what is late at its turn', async () => {
    await admit(slow(3), { batching: undefined });
    const ask = (deadline: number) =>
      scheduler.run(
        'm',
        [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: Float32Array.of(0.1) }],
        ['y'],
        { deadline },
      );
    await assert.rejects(ask(performance.now() - 1), { code: 'DEADLINE_EXCEEDED' });
    const first = ask(Infinity);
    const late = ask(performance.now() + 1);
    await assert.rejects(late, { code: 'DEADLINE_EXCEEDED', httpStatus: 504 });
    await first;
    assert.equal(runs.length, 1);
  });

  it('bounds the bytes that wait', async () => {
    await scheduler.close();
    scheduler = new Scheduler({
      workers: 1,
      intraOpThreads: 1,
      onWorkerLost: assert.ifError,
      maxQueueBytes: 100,
    });
    await admit(addConstant(1));
    const small = scheduler.run('m', floats(1, 2, 3), ['y']);
    await assert.rejects(
      scheduler.run('m', [{ ...floats()[0]!, shape: [30], data: new Float32Array(30) }], ['y']),
      {
        code: 'QUEUE_FULL',
      },
    );
    assert.deepEqual((await small).outputs[0]?.data, Float32Array.of(2, 3, 4));
  });
});
