import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LocalCounter } from '../../../src/access/limits/local-counter';

/** Ten requests a second, three at once. */
const bucket = { interval: 100, size: 3 };

describe('LocalCounter', () => {
  let now: number;
  let counter: LocalCounter;
  beforeEach(() => {
    now = 1_000_000.123;
    counter = new LocalCounter(() => now);
  });
  const take = (cost = 1, key = 'a'): number => counter.take(key, bucket, cost);

  it('lets a burst through, then says how long until the next', () => {
    assert.deepEqual([take(), take(), take()], [0, 0, 0]);
    assert.ok(Math.abs(take() - 100) < 0.001);
    now += 60;
    assert.ok(Math.abs(take() - 40) < 0.001);
    now += 40;
    assert.equal(take(), 0);
    assert.ok(take() > 0);
  });

  it('counts keys apart', () => {
    for (let i = 0; i < 3; i++) take();
    assert.ok(take() > 0);
    assert.equal(take(1, 'b'), 0);
  });

  it('lets what costs more than there is through once, and has the next wait for the debt', () => {
    assert.equal(take(10), 0);
    // 3 were there, 10 were taken: 7 are owed, and one is needed.
    assert.ok(Math.abs(take() - 800) < 0.001);
    now += 800;
    assert.equal(take(), 0);
  });

  it('does not save up more than a burst', () => {
    now += 1e9;
    assert.deepEqual([take(), take(), take()], [0, 0, 0]);
    assert.ok(take() > 0);
  });

  it('never lets more through than the rate and one burst, whatever the moments', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 250 }), { maxLength: 200 }), (pauses) => {
        const fresh = new LocalCounter(() => now);
        const began = now;
        let passed = 0;
        for (const pause of pauses) {
          now += pause;
          if (fresh.take('a', bucket, 1) === 0) passed++;
        }
        assert.ok(passed <= bucket.size + (now - began) / bucket.interval + 1e-6);
      }),
    );
  });

  it('keeps no more buckets than it may', () => {
    const small = new LocalCounter(() => now, 2);
    for (const key of ['a', 'b', 'c']) small.take(key, bucket, 3);
    // "a" went to make room, and starts anew; "c" is remembered.
    assert.ok(small.take('c', bucket, 1) > 0);
    assert.equal(small.take('a', bucket, 1), 0);
  });
});
