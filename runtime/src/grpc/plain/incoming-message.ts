import { GrowingBuffer } from '../../http2/growing-buffer';
import { prefixBytes } from './frame';

/** The message of a call, as its bytes come. */
export class IncomingMessage {
  /** What came, in one piece or put together. */
  private only: Buffer | undefined;
  private readonly parts = new GrowingBuffer();

  /** @param maxBytes - greatest message that is plain. */
  constructor(private readonly maxBytes: number) {}

  /** All that came, with the prefix. */
  get came(): Buffer {
    return this.only ?? this.parts.bytes;
  }

  /** Whether this is, or may become, one message that is neither packed nor too long. */
  get isPlain(): boolean {
    const { came } = this;
    if (came.length > 0 && came[0] !== 0) return false;
    const size = sizeOf(came);
    return size === undefined || (size <= prefixBytes + this.maxBytes && came.length <= size);
  }

  /** The message, once it has come. */
  get whole(): Buffer | undefined {
    const { came } = this;
    return came.length === sizeOf(came) ? came.subarray(prefixBytes) : undefined;
  }

  add(bytes: Buffer): void {
    if (this.only === undefined && this.parts.length === 0) {
      this.only = bytes;
      return;
    }
    const limit = prefixBytes + this.maxBytes;
    if (this.only !== undefined) this.parts.add(this.only, 0, this.only.length, limit);
    this.only = undefined;
    this.parts.add(bytes, 0, bytes.length, limit);
  }
}

/** Bytes of a message with its prefix, as that says it. */
function sizeOf(came: Buffer): number | undefined {
  return came.length < prefixBytes ? undefined : prefixBytes + came.readUInt32BE(1);
}
