import assert from 'node:assert/strict';
import type { Datatype } from '@manara/contract';
import { encodeBinary, encodeJson, toTyped } from '../../src/protocol/encode';
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
