import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sizeReplicas } from '../src';

describe('sizeReplicas', () => {
  it('uses each replica to 70 % at the peak, and keeps as many as the availability takes', () => {
    const demand = {
      replicaRequestsPerSecond: 8,
      peakRequestsPerSecond: 20,
      availabilityPercent: 99,
    };
    assert.deepEqual(sizeReplicas(demand), { minReplicas: 2, peakReplicas: 4, maxReplicas: 8 });
    assert.deepEqual(sizeReplicas({ ...demand, availabilityPercent: 99.9 }).minReplicas, 3);
    assert.deepEqual(sizeReplicas({ ...demand, peakRequestsPerSecond: 1 }), {
      minReplicas: 2,
      peakReplicas: 2,
      maxReplicas: 4,
    });
  });

  it('never carries more than 70 % at the peak', () => {
    const rate = fc.double({ min: 0.01, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(rate, rate, (replicaRequestsPerSecond, peakRequestsPerSecond) => {
        const { peakReplicas, minReplicas, maxReplicas } = sizeReplicas({
          replicaRequestsPerSecond,
          peakRequestsPerSecond,
          availabilityPercent: 99.9,
        });
        const use = peakRequestsPerSecond / (peakReplicas * replicaRequestsPerSecond);
        assert.ok(use <= 0.7 + 1e-9, String(use));
        assert.ok(minReplicas <= peakReplicas && peakReplicas < maxReplicas);
      }),
    );
  });
});
