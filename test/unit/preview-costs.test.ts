import assert from 'node:assert/strict';
import { type Cost, faultsOf } from '../bench/preview/costs';
import { type Way, ways } from '../bench/preview/settings';

/** A cost that is so many times the one by hand. */
function cost(count: number, way: Way, times = 1): Cost {
  return {
    count,
    way,
    seconds: 3 * count,
    cpuSeconds: 2 * count,
    programSeconds: times * count,
    mebibytes: 300 + count,
    programMebibytes: 200 + count,
  };
}

describe('limits of a preview', () => {
  it('hold where all ways cost the same', () => {
    assert.deepEqual(faultsOf([1, 10, 100].flatMap((n) => ways.map((way) => cost(n, way)))), []);
  });

  it('name the way, the size and the figure that is above', () => {
    assert.deepEqual(
      faultsOf([cost(10, 'by hand'), cost(10, 'deploy(app)', 1.29), cost(10, 'doors', 1.4)]),
      ['10 endpoints, doors, programSeconds: 1.40 times that by hand; at most 1.3'],
    );
  });

  it('see a cost that grows faster than the work, though the whole is not yet above', () => {
    const costs = [1, 10, 100].flatMap((n) => ways.map((way) => cost(n, way)));
    const grown = costs.map((c) =>
      c.count === 100 && c.way === 'doors' ? { ...c, mebibytes: 430 } : c,
    );
    assert.deepEqual(faultsOf(grown), [
      '10 to 100 endpoints, doors, memory: 1.33 times that by hand; at most 1.3',
    ]);
  });
});
