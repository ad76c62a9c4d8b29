import assert from 'node:assert/strict';
import { decodeBinary } from '../../src/protocol/decode-binary';
import { encodeBinary } from '../../src/protocol/encode';
import { assertRefused } from '../support/errors';

/** BYTES elements with the lengths given, whatever the bytes are. */
function bytes(...elements: readonly (readonly [length: number, text: string])[]): Buffer {
  return Buffer.concat(
    elements.flatMap(([length, text]) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(length);
      return [head, Buffer.from(text)];
    }),
  );
}

describe('decodeBinary', () => {
  it('views aligned bytes in place and copies the others', () => {
    const memory = new Uint8Array(16);
    new DataView(memory.buffer).setFloat32(4, 1.5, true);
    const aligned = decodeBinary('x', 'FP32', 1, memory.subarray(4, 8)) as Float32Array;
    assert.equal(aligned.buffer, memory.buffer);
    assert.equal(aligned[0], 1.5);

    new DataView(memory.buffer).setFloat32(9, 2.5, true);
    const copied = decodeBinary('x', 'FP32', 1, memory.subarray(9, 13)) as Float32Array;
    assert.notEqual(copied.buffer, memory.buffer);
    assert.equal(copied[0], 2.5);
  });

  it('refuses fewer and more bytes than the shape needs', () => {
    for (const length of [7, 9]) {
      assertRefused(
        () => decodeBinary('x', 'FP64', 1, new Uint8Array(length)),
        'BYTE_LENGTH',
        `Input "x" carries ${length} bytes; 1 elements of FP64 needs 8`,
      );
    }
  });

  it('refuses a BOOL byte that is neither 0 nor 1', () => {
    assertRefused(
      () => decodeBinary('x', 'BOOL', 3, Uint8Array.of(0, 1, 2)),
      'VALUE_INVALID',
      'Input "x": element 2 is byte 2; expected byte 0 or 1',
    );
  });

  it('reads BYTES as it writes them', () => {
    const data = ['', 'héllo', '\ufeffmark', '日本'];
    const wire = encodeBinary({ name: 'x', datatype: 'BYTES', shape: [4], data });
    assert.deepEqual(decodeBinary('x', 'BYTES', 4, wire), data);
  });

  it('refuses malformed BYTES', () => {
    assertRefused(
      () => decodeBinary('x', 'BYTES', 1, bytes([9, 'abc'])),
      'BYTES_MALFORMED',
      'Input "x": element 0 says 9 bytes, but 3 are left',
    );
    assertRefused(
      () => decodeBinary('x', 'BYTES', 2, Buffer.concat([bytes([3, 'abc']), Buffer.from([1])])),
      'BYTES_MALFORMED',
      'Input "x": element 1 has no whole length',
    );
    assertRefused(
      () => decodeBinary('x', 'BYTES', 1, bytes([1, 'a'], [1, 'b'])),
      'BYTE_LENGTH',
      'Input "x" carries 10 bytes; 1 elements of BYTES needs 5',
    );
    assertRefused(
      () => decodeBinary('x', 'BYTES', 1, Buffer.from([1, 0, 0, 0, 0xff])),
      'BYTES_MALFORMED',
      'Input "x": element 0 is not UTF-8',
    );
    assertRefused(
      () => decodeBinary('x', 'BYTES', 2, bytes([1, 'a'], [3, 'b\0c'])),
      'BYTES_MALFORMED',
      'Input "x": element 1 holds a NUL (U+0000), at which the engine would cut it off',
    );
  });

  it('refuses a huge count of BYTES before it allocates for it', () => {
    assertRefused(
      () => decodeBinary('x', 'BYTES', 2 ** 45, bytes([1, 'a'])),
      'BYTE_LENGTH',
      /at least/,
    );
  });
});
