import assert from 'node:assert/strict';
import type { Datatype } from '@manara/contract';
import { decodeJson } from '../../src/protocol/decode-json';
import { assertRefused } from '../support/errors';

function flat(datatype: Datatype, data: readonly unknown[]): unknown {
  return decodeJson('x', datatype, [data.length], data.length, data);
}

describe('decodeJson', () => {
  it('takes flat data and data nested as the shape', () => {
    const expected = Float32Array.of(1, 2, 3, 4, 5, 6);
    assert.deepEqual(decodeJson('x', 'FP32', [2, 3], 6, [1, 2, 3, 4, 5, 6]), expected);
    assert.deepEqual(
      decodeJson('x', 'FP32', [2, 3], 6, [
        [1, 2, 3],
        [4, 5, 6],
      ]),
      expected,
    );
    assert.deepEqual(
      decodeJson('x', 'FP32', [1, 2, 3], 6, [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ]),
      expected,
    );
  });

  it('takes a scalar bare or in an array', () => {
    assert.deepEqual(decodeJson('x', 'INT32', [], 1, 7), Int32Array.of(7));
    assert.deepEqual(decodeJson('x', 'INT32', [], 1, [7]), Int32Array.of(7));
  });

  it('stores each datatype in its own storage', () => {
    assert.deepEqual(flat('BOOL', [true, false]), Uint8Array.of(1, 0));
    assert.deepEqual(flat('UINT8', [0, 255]), Uint8Array.of(0, 255));
    assert.deepEqual(flat('INT8', [-128, 127]), Int8Array.of(-128, 127));
    assert.deepEqual(flat('UINT16', [65535]), Uint16Array.of(65535));
    assert.deepEqual(flat('INT16', [-32768]), Int16Array.of(-32768));
    assert.deepEqual(flat('UINT32', [4294967295]), Uint32Array.of(4294967295));
    assert.deepEqual(flat('INT32', [-2147483648]), Int32Array.of(-2147483648));
    assert.deepEqual(flat('UINT64', [2 ** 53 - 1]), BigUint64Array.of(9007199254740991n));
    assert.deepEqual(flat('INT64', [-(2 ** 53 - 1)]), BigInt64Array.of(-9007199254740991n));
    assert.deepEqual(flat('FP16', [1, -2]), Uint16Array.of(0x3c00, 0xc000));
    assert.deepEqual(flat('FP64', [0.1]), Float64Array.of(0.1));
    assert.deepEqual(flat('BYTES', ['héllo', '']), ['héllo', '']);
  });

  it('keeps the sign of a zero', () => {
    const data = flat('FP32', JSON.parse('[-0.0]') as unknown[]) as Float32Array;
    assert.ok(Object.is(data[0], -0));
  });

  const refused: readonly (readonly [Datatype, unknown, RegExp])[] = [
    ['BOOL', 1, /element 0 is 1; expected true or false/],
    ['INT8', 128, /element 0 is 128; expected an integer from -128 to 127/],
    ['UINT8', -1, /element 0 is -1; expected an integer from 0 to 255/],
    ['INT32', 1.5, /element 0 is 1\.5; expected an integer/],
    [
      'INT64',
      2 ** 53,
      /expected an integer from -\(2\^53-1\) to 2\^53-1 \(send greater ones as binary/,
    ],
    ['UINT64', -1, /expected an integer from 0 to 2\^53-1/],
    ['FP16', 65520, /expected a number within ±65504/],
    ['FP32', 1e39, /element 0 is 1e\+39; expected a number within FP32/],
    ['FP64', Infinity, /expected a number within FP64/],
    ['FP32', '1', /element 0 is "1"; expected a number/],
    ['FP32', null, /element 0 is null; expected a number/],
    ['BYTES', 5, /element 0 is 5; expected a string/],
    ['BYTES', '\ud800', /lone surrogate/],
  ];
  for (const [datatype, value, message] of refused) {
    it(`refuses ${JSON.stringify(value)} as ${datatype}`, () => {
      assertRefused(() => flat(datatype, [value]), 'VALUE_INVALID', message);
    });
  }

  it('refuses flat data of another length', () => {
    assertRefused(
      () => decodeJson('x', 'FP32', [2, 2], 4, [1, 2, 3]),
      'ELEMENT_COUNT',
      'Input "x" carries 3 elements; its shape needs 4',
    );
  });

  it('says where nesting departs from the shape', () => {
    assertRefused(
      () => decodeJson('x', 'FP32', [2, 2], 4, [[1, 2], [3]]),
      'NESTING_MISMATCH',
      'Input "x": data[1] is an array of 1; expected an array of 2',
    );
    assertRefused(
      () => decodeJson('x', 'FP32', [2, 2], 4, [[1, 2], 3]),
      'NESTING_MISMATCH',
      'Input "x": data[1] is 3; expected an array of 2',
    );
    assertRefused(
      () => decodeJson('x', 'FP32', [1, 1], 1, [[[1]]]),
      'VALUE_INVALID',
      /an array of 1/,
    );
    assertRefused(() => decodeJson('x', 'FP32', [2], 2, 'ab'), 'NESTING_MISMATCH', /data is "ab"/);
  });

  it('refuses strings with a NUL, at which the engine would cut them off', () => {
    assertRefused(
      () => decodeJson('x', 'BYTES', [2], 2, ['a', '\0']),
      'BYTES_MALFORMED',
      'Input "x": element 1 holds a NUL (U+0000), at which the engine would cut it off',
    );
  });

  it('refuses a shape that promises more than came before it allocates for it', () => {
    assertRefused(
      () => decodeJson('x', 'FP32', [1, 2 ** 40], 2 ** 40, [[1]]),
      'NESTING_MISMATCH',
      /data\[0\] is an array of 1/,
    );
  });
});
