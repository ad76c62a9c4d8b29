import assert from 'node:assert/strict';
import { recoveryTime } from '../src';

describe('recoveryTime', () => {
  const takeover = {
    failoverSeconds: 100,
    idleReplicas: 1,
    peakReplicas: 1,
    startupSeconds: 30,
    growthFactor: 10,
  };

  it('is the failover where the replicas that are there carry the peak', () => {
    assert.deepEqual(recoveryTime(takeover), { firstAnswerSeconds: 100, fullCapacitySeconds: 100 });
    assert.deepEqual(recoveryTime({ ...takeover, idleReplicas: 9 }).fullCapacitySeconds, 100);
  });

  for (const [idleReplicas, peakReplicas, growthFactor, steps] of [
    // What the policies allow binds: double, or four more.
    [1, 2, 10, 1],
    [1, 5, 10, 1],
    [1, 6, 10, 2],
    [1, 10, 10, 2],
    [1, 11, 10, 3],
    [3, 7, 10, 1],
    [8, 16, 10, 1],
    // What pods can use binds: 1, 2, 4, 8.
    [1, 2, 2, 1],
    [1, 3, 2, 2],
    [1, 5, 2, 3],
    [1, 8, 2, 3],
    // 2, 3, 5: less than a replica more is none, except that one is always asked for.
    [1, 2, 1.78, 1],
    [1, 3, 1.78, 2],
    [1, 5, 1.78, 3],
    [1, 6, 1.78, 4],
  ] as const) {
    it(`grows from ${idleReplicas} to ${peakReplicas} in ${steps} steps, at most ${growthFactor}-fold`, () => {
      const time = recoveryTime({ ...takeover, idleReplicas, peakReplicas, growthFactor });
      assert.deepEqual(time, {
        firstAnswerSeconds: 100,
        fullCapacitySeconds: 100 + steps * (30 + 15 + 30),
      });
    });
  }
});
