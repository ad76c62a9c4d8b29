import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { FallbacksConfig, StaticOutput } from '@manara/contract';
import { StartError } from '../../src';
import { anonymous, type Caller } from '../../src/call';
import { errors, ServingError } from '../../src/errors';
import { Fallbacks } from '../../src/fallback/fallbacks';
import type { Run, StepResult } from '../../src/infer';
import { floats, resultOf, runOf, termsOf, versionOf } from '../support/runs';

const fraud = versionOf('fraud', 2);
const small = versionOf('small', 1);
const x = floats('x', 1, 2);
const answer: StaticOutput = { name: 'y', datatype: 'FP32', shape: [1], data: [0.5] };

/** Fallbacks before an engine that does with each model what the test says. */
class Bench {
  readonly degraded: string[] = [];
  readonly ran: string[] = [];
  stale: StepResult | undefined;
  readonly engine = new Map<string, (run: Run) => Promise<StepResult>>();
  readonly fallbacks: Fallbacks;

  constructor(config: FallbacksConfig) {
    this.fallbacks = new Fallbacks(config, {
      find: (model) => {
        if (model !== 'small') throw errors.modelUnknown(model);
        return small;
      },
      ready: () => [],
      stale: () => Promise.resolve(this.stale),
      degraded: ({ model }, by) => this.degraded.push(`${model} ${by}`),
    });
  }

  fails(model: string, error: Error): this {
    this.engine.set(model, ({ request }) => {
      // As the engine does, which takes inputs to its own thread.
      for (const { data } of request.inputs) {
        structuredClone(null, { transfer: [(data as Float32Array<ArrayBuffer>).buffer] });
      }
      return Promise.reject(error);
    });
    return this;
  }

  ask(terms = termsOf()): Promise<StepResult> {
    return this.fallbacks.step(runOf(fraud, floats('x', 1, 2), terms), (run) => {
      const { model } = run.version;
      this.ran.push(model);
      const engine = this.engine.get(model);
      if (engine !== undefined) return engine(run);
      assert.deepEqual(run.request.inputs, [x]);
      return Promise.resolve(resultOf(model === 'fraud' ? 1 : 2));
    });
  }
}

const all: FallbacksConfig = {
  fraud: { chain: [{ model: 'small' }, { cachedSeconds: 60 }, { static: [answer] }] },
};

describe('Fallbacks', () => {
  it('stay out of the way of a model that answers', async () => {
    const bench = new Bench(all);
    assert.deepEqual(await bench.ask(), resultOf(1));
    assert.deepEqual([bench.ran, bench.degraded], [['fraud'], []]);
  });

  it('let no model stand in that the caller may not use', () => {
    const { fallbacks } = new Bench(all);
    assert.equal(fallbacks.standIn('fraud', anonymous), small);
    assert.equal(fallbacks.standIn('small', anonymous), undefined);
    const caller: Caller = {
      id: 'layla',
      permit: (verb, model) => (verb === 'infer' && model !== 'small' ? { name: '1' } : undefined),
    };
    assert.equal(fallbacks.standIn('fraud', caller), undefined);
  });

  const excused = [
    errors.overloaded(5),
    errors.queueFull(1),
    errors.deadlineExceeded(),
    errors.engineFailed('fraud', 2, 'x'),
  ];
  for (const error of excused) {
    it(`answer by the other model after ${error.code}, and say so`, async () => {
      const bench = new Bench(all).fails('fraud', error);
      const result = await bench.ask();
      assert.deepEqual(result.outputs, [floats('y', 2)]);
      assert.equal(result.answeredBy, small);
      assert.deepEqual(result.headers, {
        'cache-control': 'no-store',
        'x-degraded': 'model small/1',
      });
      assert.deepEqual(bench.degraded, ['fraud model']);
    });
  }

  const own = [errors.outputNotJson('y'), errors.requestCanceled(), errors.serverStopping()];
  for (const error of own) {
    it(`do not hide ${error.code}`, async () => {
      const bench = new Bench(all).fails('fraud', error);
      await assert.rejects(bench.ask(), error);
      assert.deepEqual([bench.ran, bench.degraded], [['fraud'], []]);
    });
  }

  it('go on along the chain: other model, cache, static answer', async () => {
    const bench = new Bench(all)
      .fails('fraud', errors.overloaded(1))
      .fails('small', errors.overloaded(1));
    bench.stale = { ...resultOf(3), headers: { age: '90', etag: 'W/"a"' } };
    const cached = await bench.ask();
    assert.deepEqual(cached.outputs, [floats('y', 3)]);
    assert.deepEqual(cached.headers, {
      age: '90',
      'cache-control': 'no-store',
      'x-degraded': 'cached',
    });
    bench.stale = undefined;
    const fixed = await bench.ask();
    assert.deepEqual(fixed.outputs, [floats('y', 0.5)]);
    assert.equal(fixed.headers?.['x-degraded'], 'static');
    assert.deepEqual(bench.degraded, ['fraud cached', 'fraud static']);
  });

  it('answer with the first failure where nothing stands in', async () => {
    const bench = new Bench({ fraud: { chain: [{ model: 'small' }, { model: 'gone' }] } })
      .fails('fraud', errors.overloaded(1))
      .fails('small', errors.queueFull(1));
    await assert.rejects(bench.ask(), { code: 'OVERLOADED' });
    assert.deepEqual(bench.degraded, []);
  });

  it('do not answer by a model that the caller may not use', async () => {
    const bench = new Bench(all).fails('fraud', errors.overloaded(1));
    const permit: Caller['permit'] = (_, model) => (model === 'small' ? undefined : { name: '' });
    const result = await bench.ask(termsOf('', {}, { caller: { id: 'a', permit } }));
    assert.deepEqual(bench.ran, ['fraud']);
    assert.equal(result.headers?.['x-degraded'], 'static');
  });

  it('do not answer a caller that has left', async () => {
    const bench = new Bench(all);
    const leaver = new AbortController();
    bench.engine.set('fraud', () => {
      leaver.abort();
      return Promise.reject(errors.overloaded(1));
    });
    await assert.rejects(bench.ask(termsOf('', {}, { left: leaver.signal })), {
      code: 'OVERLOADED',
    });
    assert.deepEqual(bench.ran, ['fraud']);
  });

  describe('of a model that is late', () => {
    const late: FallbacksConfig = { fraud: { ...all.fraud!, afterMillis: 5 } };

    it('answer, and give its run up', async () => {
      const bench = new Bench(late);
      let end: (result: StepResult) => void = () => undefined;
      let left: Run['terms']['left'] | undefined;
      bench.engine.set('fraud', (run) => {
        left = run.terms.left;
        return new Promise((resolve) => {
          end = resolve;
        });
      });
      assert.deepEqual((await bench.ask()).outputs, [floats('y', 2)]);
      assert.equal(left?.aborted, true);
      let isUnused = false;
      const unused = fraud.unused().then(() => (isUnused = true));
      await delay(1);
      assert.equal(isUnused, false, 'the run goes on');
      end(resultOf(1));
      await unused;
    });

    it('wait on where nothing stands in', async () => {
      const bench = new Bench({ fraud: { afterMillis: 5, chain: [{ model: 'gone' }] } });
      bench.engine.set('fraud', ({ terms }) =>
        delay(30).then(() => {
          assert.equal(terms.left.aborted, false);
          return resultOf(1);
        }),
      );
      assert.deepEqual(await bench.ask(), resultOf(1));
    });
  });

  it('repeat a static answer of one row for each row of the request', async () => {
    const tensor = { name: 'y', datatype: 'FP32', shape: [-1], symbols: [] } as const;
    const bench = new Bench({ fraud: { chain: [{ static: [answer] }] } });
    const version = versionOf('fraud');
    Object.assign(version.signature, { outputs: [tensor] });
    const run = runOf(version, floats('x', 1, 2, 3));
    const result = await bench.fallbacks.step(run, () => Promise.reject(errors.overloaded(1)));
    assert.deepEqual(result.outputs, [floats('y', 0.5, 0.5, 0.5)]);
  });

  it('refuse a static answer whose elements do not go with its shape', () => {
    const wrong = { ...answer, data: [1, 2] };
    assert.throws(
      () => new Bench({ fraud: { chain: [{ static: [wrong] }] } }),
      (error) =>
        error instanceof StartError &&
        error.message ===
          'fallbacks.fraud.chain.0.static: Output "y" carries 2 elements; its shape needs 1',
    );
  });

  it('let faults of the server through as they are', async () => {
    const bench = new Bench(all).fails('fraud', new Error('a bug'));
    await assert.rejects(bench.ask(), (error) => !(error instanceof ServingError));
  });
});
