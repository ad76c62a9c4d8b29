import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PlanError, planIdle } from '../../src';

describe('planIdle', () => {
  it('waits so long that cold starts stay within what the availability leaves', () => {
    // 60 s without answers after 5,940 s: one in a hundred.
    assert.deepEqual(planIdle({ availabilityPercent: 99, coldStartSeconds: 60 }), {
      cooldownSeconds: 5940,
      why: 'No replicas after 5940 s without requests: a cold start of 60 s at most so often keeps 99 %.',
    });
    assert.equal(planIdle({ availabilityPercent: 90, coldStartSeconds: 10 }).cooldownSeconds, 300);
  });

  it('refuses where hours would be waited for, with the nearest', () => {
    assert.throws(
      () => planIdle({ availabilityPercent: 99.9, coldStartSeconds: 60 }),
      (error) => {
        assert(error instanceof PlanError);
        assert.equal(
          error.message,
          'an availability of 99.9 % cannot be met from no replicas: each cold start answers nobody for 60 s; the nearest that can is 99.72 %, or a cold start of 21 s',
        );
        assert.deepEqual(error.nearest, { availabilityPercent: 99.72 });
        return true;
      },
    );
    planIdle({ availabilityPercent: 99.72, coldStartSeconds: 60 });
    planIdle({ availabilityPercent: 99.9, coldStartSeconds: 21 });
  });

  it('keeps the availability for every cold start that it accepts', () => {
    const percent = fc.double({ min: 50, max: 99.99, noNaN: true });
    fc.assert(
      fc.property(
        percent,
        fc.integer({ min: 1, max: 900 }),
        (availabilityPercent, coldStartSeconds) => {
          try {
            const { cooldownSeconds } = planIdle({ availabilityPercent, coldStartSeconds });
            const share = cooldownSeconds / (cooldownSeconds + coldStartSeconds);
            assert(share * 100 >= availabilityPercent - 1e-6);
          } catch (error) {
            if (!(error instanceof PlanError)) throw error;
            const nearest = error.nearest.availabilityPercent ?? 0;
            assert(nearest < availabilityPercent);
            planIdle({ availabilityPercent: nearest, coldStartSeconds });
          }
        },
      ),
    );
  });
});
