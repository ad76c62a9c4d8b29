import assert from 'node:assert/strict';
import { trappingFills } from '../../src/engine/trapping-fills';

describe('trappingFills', () => {
  it('is empty for inputs that no processor traps on', () => {
    assert.deepEqual(trappingFills([{ datatype: 'FP32' }, { datatype: 'INT8' }]), []);
  });

  it('leaves out zeros, which every probe begins with', () => {
    assert.deepEqual(trappingFills([{ datatype: 'FP32' }, { datatype: 'INT32' }]), [
      [undefined, -1],
      [undefined, -2147483648],
    ]);
  });

  it('pairs the values over two inputs of different sizes, both ways round', () => {
    const fills = trappingFills([{ datatype: 'INT64' }, { datatype: 'INT32' }]);
    assert.equal(fills.length, 8);
    assert.deepEqual(fills.filter((fill) => fill.includes(-1) || fill.includes(-1n)).length, 5);
    for (const fill of [
      [-(2n ** 63n), -1],
      [-1n, -2147483648],
    ]) {
      assert.ok(fills.some((one) => one[0] === fill[0] && one[1] === fill[1]));
    }
  });
});
