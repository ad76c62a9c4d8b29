import assert from 'node:assert/strict';
import type { Datatype } from '@manara/contract';
import { compareOutputs } from '../../src/drill/compare-outputs';
import type { Element, Tensor } from '../../src/drill/tensors';

const tensor = (datatype: Datatype, ...data: readonly Element[]): Tensor => ({
  name: 'y',
  datatype,
  shape: [data.length],
  data,
});
const compare = (first: Tensor, second: Tensor) => compareOutputs([first], [second]);
const differ = (difference: string) => ({ same: false, difference });

describe('compareOutputs', () => {
  it('says how far floats are apart, at most, within the tolerance', () => {
    assert.deepEqual(compare(tensor('FP32', 1, -4), tensor('FP32', 1, -4.001953125)), {
      same: true,
      largestRelative: 0.00048828125,
    });
    assert.deepEqual(compare(tensor('FP32', 1e-9), tensor('FP32', 5e-8)), {
      same: true,
      largestRelative: 0,
    });
  });

  it('finds floats that are further apart', () => {
    assert.deepEqual(
      compare(tensor('FP64', 0, 2), tensor('FP64', 0, 2.0021)),
      differ('"y"[1] is 2, and 2.0021'),
    );
    assert.deepEqual(
      compare(tensor('FP32', 0), tensor('FP32', 2e-7)),
      differ('"y"[0] is 0, and 2e-7'),
    );
    assert.deepEqual(
      compare(tensor('FP32', 1), tensor('FP32', '1')),
      differ('"y"[0] is 1, and "1"'),
    );
  });

  it('takes integers, booleans and text by the letter', () => {
    assert.deepEqual(
      compare(tensor('INT64', 100000), tensor('INT64', 100001)),
      differ('"y"[0] is 100000, and 100001'),
    );
    assert.deepEqual(
      compare(tensor('BOOL', true), tensor('BOOL', false)),
      differ('"y"[0] is true, and false'),
    );
    assert.deepEqual(
      compare(tensor('BYTES', 'AE'), tensor('BYTES', 'ae')),
      differ('"y"[0] is "AE", and "ae"'),
    );
    assert.equal(compare(tensor('BYTES', 'AE'), tensor('BYTES', 'AE')).same, true);
  });

  it('finds another shape, another datatype and other outputs', () => {
    assert.deepEqual(
      compare(tensor('FP32', 1), tensor('FP32', 1, 2)),
      differ('"y" is FP32 [1], and FP32 [2]'),
    );
    assert.deepEqual(
      compare(tensor('FP32', 1), tensor('FP64', 1)),
      differ('"y" is FP32 [1], and FP64 [1]'),
    );
    const other = { ...tensor('FP32', 1), name: 'z' };
    assert.deepEqual(compareOutputs([tensor('FP32', 1)], [other]), differ('outputs y, and z'));
    assert.equal(compareOutputs([tensor('FP32', 1), other], [other, tensor('FP32', 1)]).same, true);
  });
});
