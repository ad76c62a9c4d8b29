import assert from 'node:assert/strict';
import { FrameReader } from '../../src/http2/frame-reader';
import { type Frame, frameOf } from '../../src/http2/frames';

const frames = [
  frameOf(4, 0, 0, Buffer.alloc(0)),
  frameOf(1, 5, 1, Buffer.from('head')),
  frameOf(0, 1, 2 ** 31 - 1, Buffer.alloc(16_384, 7)),
  frameOf(6, 0, 0, Buffer.from('8 bytes!')),
];
const all = Buffer.concat(frames);

/** What is read of bytes that come in chunks of so many. */
function readIn(bytes: Buffer, size: number): readonly Frame[] {
  const read: Frame[] = [];
  const reader = new FrameReader((frame) => read.push(frame));
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  return read;
}

describe('frames', () => {
  it('are read the same however they are cut', () => {
    const whole = readIn(all, all.length);
    assert.deepEqual(
      whole.map(({ type, flags, stream, payload }) => [type, flags, stream, payload.length]),
      [
        [4, 0, 0, 0],
        [1, 5, 1, 4],
        [0, 1, 2 ** 31 - 1, 16_384],
        [6, 0, 0, 8],
      ],
    );
    for (const size of [1, 2, 3, 8, 9, 10, 13, 100, 8192, 16_393, 16_400]) {
      assert.deepEqual(readIn(all, size), whole, `in chunks of ${size}`);
    }
  });

  it('pass over the bit that is reserved', () => {
    const bytes = frameOf(0, 0, 1, Buffer.alloc(0));
    bytes[5] = 0x80;
    assert.equal(readIn(bytes, 100)[0]?.stream, 1);
  });

  it('are refused at their head where they are too long', () => {
    const long = frameOf(0, 0, 1, Buffer.alloc(16_385)).subarray(0, 9);
    assert.throws(() => readIn(long, 9), /a frame of 16385 bytes/);
    assert.throws(() => readIn(long, 1), /a frame of 16385 bytes/);
  });
});
