import { ConnectionFault, errorCode } from './fault';
import { defaultPayloadBytes, type Frame, headBytes, streamAt } from './frames';
import { GrowingBuffer } from './growing-buffer';

/** Puts frames together out of the chunks that a connection brings. */
export class FrameReader {
  /** The beginning of a frame. */
  private readonly partial = new GrowingBuffer();

  /** @param onFrame - told each frame. */
  constructor(private readonly onFrame: (frame: Frame) => void) {}

  /** @throws ConnectionFault FRAME_SIZE_ERROR, and what `onFrame` throws. */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.partial.length > 0) {
        at = this.complete(chunk, at);
        continue;
      }
      const size = sizeOf(chunk, at, chunk.length);
      if (size > chunk.length - at) {
        this.partial.add(chunk, at, chunk.length, size);
        return;
      }
      this.tell(chunk, at, size);
      at += size;
    }
  }

  /** Adds to the frame that is begun. @returns where in the chunk what is missing of it ends. */
  private complete(chunk: Buffer, from: number): number {
    const { partial } = this;
    const size = sizeOf(partial.bytes, 0, partial.length);
    const end = Math.min(chunk.length, from + size - partial.length);
    partial.add(chunk, from, end, size);
    // Its head may only now be whole, which says how long the frame is.
    if (partial.length === sizeOf(partial.bytes, 0, partial.length)) {
      const whole = partial.take();
      this.tell(whole, 0, whole.length);
    }
    return end;
  }

  private tell(bytes: Buffer, at: number, size: number): void {
    this.onFrame({
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      stream: streamAt(bytes, at + 5),
      payload: bytes.subarray(at + headBytes, at + size),
    });
  }
}

/** Bytes of the frame that begins there; of its head alone, for as long as that is not whole. */
function sizeOf(bytes: Buffer, at: number, end: number): number {
  if (end - at < headBytes) return headBytes;
  const length = bytes.readUIntBE(at, 3);
  if (length > defaultPayloadBytes) {
    throw new ConnectionFault(errorCode.frameSize, `a frame of ${length} bytes`);
  }
  return headBytes + length;
}
