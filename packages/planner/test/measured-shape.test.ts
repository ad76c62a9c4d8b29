import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fullRate, measuredShape, safeRate } from '../src';

describe('measuredShape', () => {
  it('has as many requests at once as come in half of the objective', () => {
    assert.deepEqual(measuredShape({ replicaRequestsPerSecond: 4, p99LatencyMillis: 10_000 }), {
      workers: 20,
      inferenceMillis: 5000,
      overheadMillis: 0,
      isEstimated: true,
    });
    const slow = measuredShape({ replicaRequestsPerSecond: 0.1, p99LatencyMillis: 1000 });
    assert.equal(slow.workers, 1);
  });

  it('carries the measured rate at most, and never nothing', () => {
    const rate = fc.double({ min: 0.01, max: 1000, noNaN: true });
    const latency = fc.double({ min: 10, max: 60_000, noNaN: true });
    fc.assert(
      fc.property(rate, latency, (replicaRequestsPerSecond, p99LatencyMillis) => {
        const shape = measuredShape({ replicaRequestsPerSecond, p99LatencyMillis });
        assert.ok(Math.abs(fullRate(shape) / replicaRequestsPerSecond - 1) < 1e-9);
        const safe = safeRate(shape, p99LatencyMillis);
        assert.ok(safe > 0 && safe <= replicaRequestsPerSecond * (1 + 1e-9), String(safe));
      }),
    );
  });

  it('refuses what is no measurement', () => {
    assert.throws(
      () => measuredShape({ replicaRequestsPerSecond: 0, p99LatencyMillis: 1000 }),
      /replicaRequestsPerSecond: expected a number above 0, received 0/,
    );
  });
});
