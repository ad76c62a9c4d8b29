import assert from 'node:assert/strict';
import type { Datatype } from '@manara/contract';
import * as fc from 'fast-check';
import { encodeBinary, encodeJson, greatestJsonLength, toTyped } from '../../src/protocol/encode';
import type { TensorData } from '../../src/protocol/tensor';
import { assertRefused } from '../support/errors';

function json(datatype: Datatype, data: TensorData): string {
  return encodeJson({ name: 'y', datatype, shape: [data.length], data });
}

describe('encodeJson', () => {
  it('writes numbers so that they read back to the bit', () => {
    const data = Float32Array.of(0.1, -0, 1e-45, 3.4028234663852886e38, 16777216);
    const read = Float32Array.from(JSON.parse(json('FP32', data)) as number[]);
    assert.deepEqual(Buffer.from(read.buffer), Buffer.from(data.buffer));
  });

  it('writes wide integers with all their digits', () => {
    assert.equal(
      json('INT64', BigInt64Array.of(9223372036854775807n, -1n)),
      '[9223372036854775807,-1]',
    );
  });

  it('writes booleans, halves and strings', () => {
    assert.equal(json('BOOL', Uint8Array.of(0, 1)), '[false,true]');
    assert.equal(json('FP16', Uint16Array.of(0x3c00, 0x8000)), '[1,-0.0]');
    assert.equal(json('BYTES', ['a"b', 'é']), '["a\\"b","é"]');
  });

  it('refuses what JSON cannot say', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      assertRefused(
        () => json('FP32', Float32Array.of(1, value)),
        'OUTPUT_NOT_JSON',
        /"y".*binary/,
      );
    }
    assertRefused(() => json('FP16', Uint16Array.of(0x7c00)), 'OUTPUT_NOT_JSON', /"y"/);
  });
});

describe('greatestJsonLength', () => {
  /** Whether the text fits, its brackets aside. */
  function assertFits(datatype: Datatype, data: TensorData): void {
    const tensor = { name: 'y', datatype, shape: [data.length], data };
    const bytes = Buffer.byteLength(encodeJson(tensor));
    assert.ok(bytes <= greatestJsonLength(tensor) + 2, encodeJson(tensor));
  }

  it('is enough for the longest of each datatype', () => {
    assertFits('FP64', Float64Array.of(-1.7976931348623157e308, -0.0000012345678901234567));
    assertFits('FP32', Float32Array.of(-1.2345678e-6, -3.4028234663852886e38));
    assertFits(
      'FP16',
      Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits | 0x8000),
    );
    assertFits('INT64', BigInt64Array.of(-(2n ** 63n), -(2n ** 63n)));
    assertFits('UINT64', BigUint64Array.of(2n ** 64n - 1n, 2n ** 64n - 1n));
    assertFits('INT32', Int32Array.of(-(2 ** 31), -(2 ** 31)));
    assertFits('UINT32', Uint32Array.of(2 ** 32 - 1, 2 ** 32 - 1));
    assertFits('INT16', Int16Array.of(-32768, -32768));
    assertFits('UINT16', Uint16Array.of(65535, 65535));
    assertFits('INT8', Int8Array.of(-128, -128));
    assertFits('UINT8', Uint8Array.of(255, 255));
    assertFits('BOOL', Uint8Array.of(0, 0));
    assertFits('BYTES', ['\0\0', '\ud800', '日本', '']);
  });

  it('is enough for any floats', () => {
    const options = { noNaN: true, noDefaultInfinity: true };
    fc.assert(
      fc.property(fc.float64Array(options), (data) => {
        assertFits('FP64', data);
      }),
    );
    fc.assert(
      fc.property(fc.float32Array(options), (data) => {
        assertFits('FP32', data);
      }),
    );
  });
});

describe('encodeBinary', () => {
  it('views the elements in place', () => {
    const data = Float64Array.of(1, 2, 3).subarray(1);
    const bytes = encodeBinary({ name: 'y', datatype: 'FP64', shape: [2], data });
    assert.equal(bytes.buffer, data.buffer);
    assert.equal(bytes.byteLength, 16);
    assert.equal(bytes.readDoubleLE(0), 2);
  });

  it('writes strings as lengths and UTF-8', () => {
    const bytes = encodeBinary({ name: 'y', datatype: 'BYTES', shape: [2], data: ['é', ''] });
    assert.deepEqual(bytes, Buffer.from([2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]));
  });
});

describe('toTyped', () => {
  it('gives plain values', () => {
    assert.deepEqual(toTyped('BOOL', Uint8Array.of(1, 0)), [true, false]);
    assert.deepEqual(toTyped('INT64', BigInt64Array.of(-5n)), ['-5']);
    assert.deepEqual(toTyped('FP32', Float32Array.of(0.5)), [0.5]);
    assert.deepEqual(toTyped('BYTES', ['é']), [Buffer.from('é')]);
  });
});
