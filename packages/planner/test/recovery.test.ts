import assert from 'node:assert/strict';
import { recoveryTime } from '../src';

describe('recoveryTime', () => {
  const takeover = { failoverSeconds: 100, idleReplicas: 1, peakReplicas: 1, startupSeconds: 30 };

  it('is the failover where the replicas that are there carry the peak', () => {
    assert.deepEqual(recoveryTime(takeover), { firstAnswerSeconds: 100, fullCapacitySeconds: 100 });
    assert.deepEqual(recoveryTime({ ...takeover, idleReplicas: 9 }).fullCapacitySeconds, 100);
  });

  for (const [idleReplicas, peakReplicas, steps] of [
    [1, 2, 1],
    [1, 5, 1],
    [1, 6, 2],
    [1, 10, 2],
    [1, 11, 3],
    [3, 7, 1],
    [8, 16, 1],
  ] as const) {
    it(`grows from ${idleReplicas} to ${peakReplicas} in ${steps} steps`, () => {
      const time = recoveryTime({ ...takeover, idleReplicas, peakReplicas });
      assert.deepEqual(time, {
        firstAnswerSeconds: 100,
        fullCapacitySeconds: 100 + 30 + steps * 15 + 30,
      });
    });
  }
});
