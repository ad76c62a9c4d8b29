import assert from 'node:assert/strict';
import { graphKey } from '../../src/graphs/graph-key';

describe('graphKey', () => {
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)];

  it('is the same on the same machine, and for a file name', () => {
    assert.equal(graphKey(one), graphKey(one));
    assert.match(graphKey(one), /^[0-9a-f]{64}$/);
  });

  it('tells models apart, and processors, whose layouts differ', () => {
    const keys = [
      graphKey(one, 'avx2'),
      graphKey(two, 'avx2'),
      graphKey(one, 'avx2 avx512f'),
      graphKey(one),
    ];
    assert.equal(new Set(keys).size, keys.length);
  });
});
