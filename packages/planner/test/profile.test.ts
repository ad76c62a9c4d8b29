import assert from 'node:assert/strict';
import { measuredDemand, sizeServer } from '../src';

describe('measuredDemand', () => {
  const demand = {
    modelBytes: [90_000_000],
    p99LatencyMillis: 100,
    availabilityPercent: 99.9,
    peakRequestsPerSecond: 50,
    requestMemoryBytes: 1_000_000,
  };

  it('sizes a server for what was measured, not for what the weights weigh', () => {
    const estimated = sizeServer(demand);
    const measured = sizeServer({ ...demand, ...measuredDemand({ serviceTimeMillis: 0.5 }) });
    assert.deepEqual(
      [estimated.serviceTimeIsEstimated, measured.serviceTimeIsEstimated],
      [true, false],
    );
    assert.equal(measured.serviceTimeMillis, 0.5);
    assert.ok(measured.cpuRequestMillis < estimated.cpuRequestMillis);
  });
});
