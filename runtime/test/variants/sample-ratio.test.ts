import assert from 'node:assert/strict';
import { chiSquaredTail, SampleRatio } from '../../src/variants/sample-ratio';

describe('chiSquaredTail', () => {
  // Critical values as tables of the distribution print them (Abramowitz and Stegun, table 26.8).
  const table: readonly (readonly [degrees: number, value: number, tail: number])[] = [
    [1, 3.84146, 0.05],
    [1, 10.8276, 0.001],
    [2, 5.99146, 0.05],
    [2, 13.8155, 0.001],
    [3, 7.81473, 0.05],
    [4, 13.2767, 0.01],
    [5, 15.0863, 0.01],
    [10, 18.307, 0.05],
  ];
  for (const [degrees, value, tail] of table) {
    it(`of ${value} with ${degrees} degrees of freedom is ${tail}`, () => {
      assert.ok(Math.abs(chiSquaredTail(value, degrees) / tail - 1) < 0.001);
    });
  }

  it('is 1 of nothing', () => {
    assert.equal(chiSquaredTail(0, 3), 1);
  });
});

describe('SampleRatio', () => {
  const weights = new Map([
    ['a', 50],
    ['b', 50],
  ]);
  const seen = (counts: Readonly<Record<string, number>>): SampleRatio => {
    const ratio = new SampleRatio();
    for (const [variant, count] of Object.entries(counts)) {
      for (let i = 0; i < count; i++) ratio.count(variant, `${variant}${i}`);
    }
    return ratio;
  };

  it('is likely where shares go with the weights, and not where they do not', () => {
    assert.equal(seen({ a: 500, b: 500 }).probability(weights), 1);
    assert.ok((seen({ a: 480, b: 520 }).probability(weights) ?? 0) > 0.2);
    assert.ok((seen({ a: 400, b: 600 }).probability(weights) ?? 1) < 1e-6);
  });

  it('counts a unit once, however often it asks', () => {
    const ratio = seen({ a: 60, b: 60 });
    for (let i = 0; i < 1000; i++) ratio.count('a', 'a0');
    assert.equal(ratio.probability(weights), 1);
  });

  it('says nothing of a few, nor of one variant alone', () => {
    assert.equal(seen({ a: 10, b: 80 }).probability(weights), undefined);
    assert.equal(seen({ a: 1000 }).probability(new Map([['a', 1]])), undefined);
  });
});
