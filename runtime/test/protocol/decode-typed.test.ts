import assert from 'node:assert/strict';
import type { Datatype } from '@manara/contract';
import { decodeTyped } from '../../src/protocol/decode-typed';
import type { TensorData, TypedContents } from '../../src/protocol/tensor';
import { assertRefused } from '../support/errors';

const empty: TypedContents = {
  bool_contents: [],
  int_contents: [],
  int64_contents: [],
  uint_contents: [],
  uint64_contents: [],
  fp32_contents: [],
  fp64_contents: [],
  bytes_contents: [],
};

describe('decodeTyped', () => {
  const cases: readonly (readonly [Datatype, Partial<TypedContents>, TensorData])[] = [
    ['BOOL', { bool_contents: [true, false] }, Uint8Array.of(1, 0)],
    ['INT8', { int_contents: [-128, 127] }, Int8Array.of(-128, 127)],
    ['INT16', { int_contents: [-1, 1] }, Int16Array.of(-1, 1)],
    ['INT32', { int_contents: [-1, 1] }, Int32Array.of(-1, 1)],
    ['UINT8', { uint_contents: [0, 255] }, Uint8Array.of(0, 255)],
    ['UINT16', { uint_contents: [0, 65535] }, Uint16Array.of(0, 65535)],
    ['UINT32', { uint_contents: [0, 4294967295] }, Uint32Array.of(0, 4294967295)],
    [
      'INT64',
      { int64_contents: ['-9223372036854775808', '1'] },
      BigInt64Array.of(-9223372036854775808n, 1n),
    ],
    [
      'UINT64',
      { uint64_contents: ['18446744073709551615', '1'] },
      BigUint64Array.of(18446744073709551615n, 1n),
    ],
    ['FP32', { fp32_contents: [1.5, NaN] }, Float32Array.of(1.5, NaN)],
    ['FP64', { fp64_contents: [0.1, Infinity] }, Float64Array.of(0.1, Infinity)],
    ['BYTES', { bytes_contents: [Buffer.from('é'), Buffer.from('')] }, ['é', '']],
  ];
  for (const [datatype, contents, expected] of cases) {
    it(`reads ${datatype}`, () => {
      assert.deepEqual(decodeTyped('x', datatype, 2, { ...empty, ...contents }), expected);
    });
  }

  it('refuses contents in another field', () => {
    assertRefused(
      () => decodeTyped('x', 'FP32', 1, { ...empty, fp64_contents: [1] }),
      'FIELD_INVALID',
      'Field "inputs["x"].contents": expected fp32_contents for FP32, received fp64_contents',
    );
  });

  it('refuses another number of elements', () => {
    assertRefused(
      () => decodeTyped('x', 'FP32', 2, { ...empty, fp32_contents: [1] }),
      'ELEMENT_COUNT',
      'Input "x" carries 1 elements; its shape needs 2',
    );
  });

  it('refuses a value beyond a narrow type', () => {
    assertRefused(
      () => decodeTyped('x', 'INT8', 1, { ...empty, int_contents: [200] }),
      'VALUE_INVALID',
      'Input "x": element 0 is 200; expected an integer from -128 to 127',
    );
  });

  it('refuses FP16, which has no typed field', () => {
    assertRefused(() => decodeTyped('x', 'FP16', 1, empty), 'CONTENTS_MIXED', /raw_input_contents/);
  });
});
