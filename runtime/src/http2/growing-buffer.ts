const nothing = Buffer.alloc(0);

/** Bytes that come in pieces. It grows by doubling: many pieces cost no more than a few, and claim no more. */
export class GrowingBuffer {
  private memory = nothing;
  private filled = 0;

  get length(): number {
    return this.filled;
  }

  /** All that came. */
  get bytes(): Buffer {
    return this.memory.subarray(0, this.filled);
  }

  /** @param limit - bytes that will come to it at most. */
  add(chunk: Buffer, from: number, to: number, limit: number): void {
    const filled = this.filled + to - from;
    if (this.memory.length < filled) {
      const grown = Buffer.allocUnsafe(Math.max(filled, Math.min(limit, 2 * this.memory.length)));
      this.memory.copy(grown, 0, 0, this.filled);
      this.memory = grown;
    }
    chunk.copy(this.memory, this.filled, from, to);
    this.filled = filled;
  }

  /** @returns all that came, which is not kept. */
  take(): Buffer {
    const { bytes } = this;
    this.memory = nothing;
    this.filled = 0;
    return bytes;
  }
}
