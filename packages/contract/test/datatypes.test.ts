import assert from 'node:assert/strict';
import { bytesPerElement, datatypeOfOnnx, datatypes, formatShape, isDatatype } from '../src';

describe('datatypes', () => {
  it('are those of the Open Inference Protocol, with their size', () => {
    const sizes = Object.fromEntries(datatypes.map((d) => [d, bytesPerElement(d)]));
    assert.deepEqual(sizes, {
      BOOL: 1,
      UINT8: 1,
      UINT16: 2,
      UINT32: 4,
      UINT64: 8,
      INT8: 1,
      INT16: 2,
      INT32: 4,
      INT64: 8,
      FP16: 2,
      FP32: 4,
      FP64: 8,
      BYTES: undefined,
    });
  });

  it('are told from other text', () => {
    for (const datatype of datatypes) assert.equal(isDatatype(datatype), true);
    for (const text of ['fp32', 'FLOAT', 'BF16', '', 'toString', '__proto__']) {
      assert.equal(isDatatype(text), false, text);
    }
  });
});

describe('datatypeOfOnnx', () => {
  it('maps ONNX element types one to one onto the datatypes', () => {
    const numbers = [9, 2, 4, 12, 13, 3, 5, 6, 7, 10, 1, 11, 8];
    assert.deepEqual(numbers.map(datatypeOfOnnx), datatypes);
  });

  it('has none for undefined, complex, bfloat16 and float8', () => {
    for (const number of [0, 14, 15, 16, 17, 23, -1, 1.5]) {
      assert.equal(datatypeOfOnnx(number), undefined, String(number));
    }
  });
});

describe('formatShape', () => {
  it('writes dimensions as people do', () => {
    assert.equal(formatShape([-1, 20]), '[-1,20]');
    assert.equal(formatShape([1n, 3n]), '[1,3]');
    assert.equal(formatShape([]), '[]');
  });
});
