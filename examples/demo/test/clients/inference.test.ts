import assert from 'node:assert/strict';
import { bytesOf, floatsOf } from '../../src/clients/inference';

describe('floatsOf', () => {
  it('reads bytes that are not aligned, and gives a copy', () => {
    const bytes = new Uint8Array(9);
    bytes.set(bytesOf(Float32Array.of(1.5, -2)), 1);
    const floats = floatsOf(bytes.subarray(1));
    bytes.fill(0);
    assert.deepEqual(floats, Float32Array.of(1.5, -2));
  });

  it('refuses a value that is cut short', () => {
    assert.throws(() => floatsOf(new Uint8Array(6)), {
      message: 'expected whole FP32 values, received 6 bytes',
    });
  });
});

describe('bytesOf', () => {
  it('gives the part that an array sees, not the buffer behind it', () => {
    const floats = Float32Array.of(1, 2, 3).subarray(1, 2);
    assert.deepEqual(floatsOf(bytesOf(floats)), Float32Array.of(2));
  });
});
