import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BatchingDemand, ObjectiveError, planBatching } from '../src';

const demand: BatchingDemand = {
  oneRowMillis: 2,
  larger: { rows: 32, millis: 8.2 },
  p99LatencyMillis: 50,
  rowsPerSecond: 2000,
};

describe('planBatching', () => {
  it('takes the largest batch whose two runs fit, and waits no longer than they run or their rows take to come', () => {
    // A row more costs 0.2 ms: 64 rows run for 14.6 ms, 128 for 27.4 ms, twice of which is too long.
    assert.deepEqual(planBatching(demand), {
      maxBatchSize: 64,
      preferredBatchSizes: [16, 64],
      maxQueueDelayMicros: 14_600,
      largestRunMillis: 14.6,
    });
    const { maxQueueDelayMicros, preferredBatchSizes } = planBatching({
      ...demand,
      rowsPerSecond: 10_000,
    });
    assert.deepEqual([maxQueueDelayMicros, preferredBatchSizes], [6300, [64]]);
  });

  it('does not wait where nobody comes in time, or a row more is no cheaper', () => {
    const still = { preferredBatchSizes: [], maxQueueDelayMicros: 0 };
    const { oneRowMillis, p99LatencyMillis, rowsPerSecond } = demand;
    const unmeasured = { oneRowMillis, p99LatencyMillis, rowsPerSecond };
    for (const one of [{ ...demand, rowsPerSecond: 10 }, unmeasured]) {
      const { preferredBatchSizes, maxQueueDelayMicros } = planBatching(one);
      assert.deepEqual({ preferredBatchSizes, maxQueueDelayMicros }, still);
    }
    assert.equal(planBatching(unmeasured).maxBatchSize, 8);
  });

  it('refuses what no batch keeps, and says what can be', () => {
    assert.throws(
      () => planBatching({ ...demand, oneRowMillis: 30 }),
      (error) => error instanceof ObjectiveError && error.nearestMillis === 60,
    );
    assert.throws(() => planBatching({ ...demand, rowsPerSecond: 0 }), /rowsPerSecond.*received 0/);
    assert.throws(
      () => planBatching({ ...demand, larger: { rows: 1, millis: 3 } }),
      /larger\.rows.*above 1, received 1/,
    );
  });

  it('keeps the objective, whatever is asked', () => {
    const millis = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          oneRowMillis: millis,
          larger: fc.record({ rows: fc.integer({ min: 2, max: 128 }), millis }),
          p99LatencyMillis: fc.double({ min: 200, max: 5000, noNaN: true }),
          rowsPerSecond: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
        }),
        (one) => {
          const plan = planBatching(one);
          const worst = plan.maxQueueDelayMicros / 1000 + 2 * plan.largestRunMillis;
          assert.ok(worst <= one.p99LatencyMillis + 1e-6, JSON.stringify(plan));
          assert.ok(plan.maxBatchSize >= 1 && plan.maxBatchSize <= 256);
          assert.equal(plan.preferredBatchSizes.length > 0, plan.maxQueueDelayMicros > 0);
          for (const rows of plan.preferredBatchSizes) {
            assert.ok(rows > 1 && rows <= plan.maxBatchSize && Number.isInteger(rows));
          }
        },
      ),
    );
  });
});
