import assert from 'node:assert/strict';
import { CostModel } from '../../src/engine/cost-model';

/** Milliseconds of a run at each size, as MiniLM has them: rows get cheaper up to 8. */
const sizes: readonly (readonly [number, number])[] = [
  [1, 14],
  [2, 25],
  [4, 47],
  [8, 88],
  [16, 190],
];

describe('CostModel', () => {
  const learned = (maxRows = 128, maxMillis = 1000): CostModel => {
    const cost = new CostModel(maxRows, maxMillis);
    for (const [rows, millis] of sizes) cost.learn(rows, millis);
    return cost;
  };

  it('chooses the size at which a row costs least', () => {
    assert.equal(learned().cap(), 8);
    assert.equal(learned().perRow(), 11);
  });

  it('keeps to the greatest batch, and to the time that a run may take', () => {
    assert.equal(learned(6).cap(), 4);
    assert.equal(learned(128, 50).cap(), 4);
    assert.equal(learned(128, 5).cap(), 1);
  });

  it('prefers the smaller of two sizes that cost about the same', () => {
    const cost = new CostModel(128, 1000);
    cost.learn(1, 10);
    cost.learn(2, 19.8);
    assert.equal(cost.cap(), 1);
  });

  it('estimates what lies between and beyond the sizes that it saw', () => {
    const cost = learned();
    assert.equal(cost.estimate(8), 88);
    assert.equal(cost.estimate(6), (47 / 4) * 6);
    assert.equal(cost.estimate(64), (190 / 16) * 64);
    assert.equal(new CostModel(8, 1000).estimate(3), 0);
  });

  it('tries the next size while it was never seen and enough waits for it', () => {
    const cost = new CostModel(128, 1000);
    cost.learn(1, 10);
    assert.equal(cost.nextCap(1), 1);
    assert.equal(cost.nextCap(2), 2);
    cost.learn(2, 11);
    assert.equal(cost.nextCap(100), 4);
    cost.learn(4, 100);
    assert.equal(cost.nextCap(100), 2);
  });

  it('tries its neighbours again now and then, and follows what has changed', () => {
    const cost = learned();
    const tried = Array.from({ length: 80 }, () => cost.nextCap(100));
    assert.deepEqual(
      [...new Set(tried)].sort((a, b) => a - b),
      [4, 8, 16],
    );
    assert.ok(tried.filter((size) => size !== 8).length <= 2);
    for (let i = 0; i < 30; i++) cost.learn(16, 100);
    assert.equal(cost.cap(), 16);
  });

  it('counts a size between two powers in proportion', () => {
    const cost = new CostModel(128, 1000);
    cost.learn(7, 70);
    assert.equal(cost.estimate(4), 40);
  });
});
