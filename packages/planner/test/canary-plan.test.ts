import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canarySteps, quickestSteps, secondsAt } from '../src';

const sampling = {
  quietPerSecond: 20,
  samplesAt: (share: number) => 1000 / (1 - share),
  leastSeconds: 120,
};

describe('canarySteps', () => {
  it('takes as long at each weight as a quiet endpoint needs to be seen', () => {
    assert.deepEqual(canarySteps(sampling, 86_400), [
      { weight: 5, seconds: 1053 },
      { weight: 20, seconds: 313 },
      { weight: 50, seconds: 200 },
    ]);
  });

  it('begins with more where little is asked, and never takes less than the shortest step', () => {
    const weights = (quietPerSecond: number) =>
      canarySteps({ ...sampling, quietPerSecond }, 3600)?.map(({ weight }) => weight);
    assert.deepEqual(weights(20), [5, 20, 50]);
    assert.deepEqual(weights(5), [10, 50]);
    assert.deepEqual(weights(3), [20, 50]);
    assert.deepEqual(weights(1.5), [50]);
    assert.equal(weights(1), undefined);
    assert.equal(secondsAt(50, { ...sampling, quietPerSecond: 1e6 }), 120);
  });

  it('sees enough in every step, and ends in time', () => {
    const arbitrary = fc.record({
      quietPerSecond: fc.double({ min: 0.01, max: 10_000, noNaN: true }),
      samples: fc.integer({ min: 1, max: 1_000_000 }),
      longest: fc.integer({ min: 120, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ quietPerSecond, samples, longest }) => {
        const props = { ...sampling, quietPerSecond, samplesAt: () => samples };
        const steps = canarySteps(props, longest);
        const sum = (steps ?? quickestSteps(props)).reduce((all, { seconds }) => all + seconds, 0);
        assert.equal(steps === undefined, sum > longest);
        for (const { weight, seconds } of steps ?? []) {
          assert(seconds * quietPerSecond * (weight / 100) >= samples * (1 - 1e-9));
        }
      }),
    );
  });
});
