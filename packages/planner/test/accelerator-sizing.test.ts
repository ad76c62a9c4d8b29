import assert from 'node:assert/strict';
import { acceleratedShape, batchingOf, fullRate } from '../src';

describe('acceleratedShape', () => {
  const busy = { oneRowMillis: 2, larger: { rows: 32, millis: 8.2 }, rowsPerSecond: 2000 };
  const one = {
    models: [busy],
    p99LatencyMillis: 50,
    requestsPerSecond: 2000,
    accelerators: 1,
  };

  it('has a row cost its part of the largest run, and wait for one', () => {
    // 64 rows in 14.6 ms.
    const shape = acceleratedShape(one);
    assert.ok(Math.abs(shape.inferenceMillis - 14.6 / 64) < 1e-9);
    assert.ok(Math.abs(shape.overheadMillis - 14.6) < 1e-9);
    assert.equal(shape.workers, 1);
    assert.equal(acceleratedShape({ ...one, accelerators: 2 }).workers, 2);
  });

  it('adds up what models that share an accelerator take, by how often each is asked', () => {
    const alone = fullRate(acceleratedShape(one));
    const shared = fullRate(acceleratedShape({ ...one, models: [busy, busy, busy] }));
    assert.ok(Math.abs(alone / shared - 3) < 1e-9);
    const rarely = { ...busy, rowsPerSecond: 200 };
    const beside = fullRate(acceleratedShape({ ...one, models: [busy, rarely] }));
    assert.ok(Math.abs(alone / beside - 1.1) < 1e-9);
  });

  it('batches each model by what reaches one replica', () => {
    const plans = batchingOf({ ...one, models: [busy, busy] }, 4);
    assert.equal(plans.length, 2);
    const [quieter] = plans;
    const [fuller] = batchingOf(one, 1);
    assert.deepEqual(
      [quieter?.maxBatchSize, fuller?.maxBatchSize],
      [64, 64],
      'the largest run depends on the objective alone',
    );
  });
});
