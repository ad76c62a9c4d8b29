import { allocateAligned } from '../body';
import type { PlainHead } from './head';

/** The body of one request, as it comes in chunks of the connection. */
export class IncomingBody {
  private readonly length: number;
  /** Bytes of JSON, where binary tensors may follow that keep the memory. */
  private readonly jsonLength: number | undefined;
  private body: Buffer<ArrayBuffer> | undefined;
  private received = 0;

  constructor({ bodyLength, jsonLength }: PlainHead) {
    this.length = bodyLength;
    this.jsonLength = jsonLength;
  }

  /** All of the body, once it is there. */
  get whole(): Buffer<ArrayBuffer> | undefined {
    return this.received === this.length ? this.body : undefined;
  }

  /** Bytes that have not come yet. */
  get missing(): number {
    return this.length - this.received;
  }

  /**
   * Takes what is missing out of a chunk.
   *
   * @param from - where in the chunk the body begins, or goes on.
   * @returns where in the chunk the body ends.
   */
  add(chunk: Buffer<ArrayBuffer>, from: number): number {
    const end = Math.min(chunk.length, from + this.length - this.received);
    if (this.received === 0 && end - from === this.length && this.mayStay(chunk, end)) {
      this.body = chunk.subarray(from, end);
    } else {
      this.body ??= allocateAligned(this.length, this.jsonLength ?? 0);
      chunk.copy(this.body, this.received, from, end);
    }
    this.received += end - from;
    return end;
  }

  /**
   * Whether the body can be used where it came. JSON is read at once and keeps nothing of it. Tensors
   * move to another thread with all the memory that they lie in: only where no other request, nor
   * anything else, has a part in that.
   */
  private mayStay(chunk: Buffer, end: number): boolean {
    if (this.jsonLength === undefined) return true;
    return chunk.length === end && chunk.buffer.byteLength === chunk.length;
  }
}
