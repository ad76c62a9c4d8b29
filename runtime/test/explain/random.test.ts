import assert from 'node:assert/strict';
import { Random } from '../../src/explain/random';

describe('Random', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const numbers = (seed: number): number[] => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.below(2 ** 32));
    };
    assert.deepEqual(numbers(7), numbers(7));
    for (const other of [0, 8, 7 + 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      assert.notDeepEqual(numbers(7), numbers(other));
    }
  });

  it('is as likely to give each number', () => {
    const random = new Random(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.below(10)]!++;
    // Chi-squared of 9 degrees of freedom: 27.9 is passed once in a thousand.
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chi < 27.9, `${chi}`);
  });

  it('puts every element at every place as often', () => {
    const random = new Random(2);
    const first = new Array<number>(4).fill(0);
    for (let i = 0; i < 4000; i++) {
      const order = Uint32Array.of(0, 1, 2, 3);
      random.shuffle(order);
      assert.deepEqual([...order].sort(), [0, 1, 2, 3]);
      first[order[0]!]!++;
    }
    const chi = first.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chi < 16.3, `${chi}`);
  });

  it('shuffles no more than it is asked to', () => {
    const order = Uint32Array.from({ length: 100 }, (_, i) => i);
    new Random(3).shuffle(order, 2);
    const moved = [...order].filter((value, i) => value !== i);
    assert.ok(moved.length <= 4, `${moved.length}`);
  });
});
