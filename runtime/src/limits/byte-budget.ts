import { errors } from '../errors';

/** What one body, or answer, may hold of the last quarter, which larger ones leave to small ones. */
const smallBytes = 256 * 1024;

/** Share of the budget that large bodies may fill. */
const shareOfLarge = 0.75;

/**
 * Bytes of request bodies and answers that may be under way at once, over all connections and
 * protocols. Whoever keeps a byte of one in memory takes it here first.
 */
export class ByteBudget {
  private held = 0;

  /** @param limit - in bytes, the server's `maxBodyBytes`. */
  constructor(readonly limit: number) {}

  /** Bytes under way. */
  get used(): number {
    return this.held;
  }

  /** What one request holds of the budget: nothing yet. */
  hold(): Hold {
    return new Hold(this);
  }

  /**
   * @param held - bytes that the same request holds already.
   * @throws ServingError BODIES_FULL; nothing is taken then.
   */
  take(bytes: number, held: number): void {
    const limit = held + bytes > smallBytes ? this.limit * shareOfLarge : this.limit;
    if (this.held + bytes > limit) throw errors.bodiesFull(this.limit);
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** What one request, with its answer, holds of the budget. */
export class Hold {
  private bytes = 0;
  private isOver = false;

  constructor(private readonly budget: ByteBudget) {}

  /** @throws ServingError BODIES_FULL; what was held before is still held. */
  take(bytes: number): void {
    // Work for a caller that left goes on for a moment, and keeps nothing.
    if (this.isOver) return;
    this.budget.take(bytes, this.bytes);
    this.bytes += bytes;
  }

  /** Holds so many bytes from here on, be it more than before or less. @throws as `take` */
  keep(bytes: number): void {
    if (this.isOver) return;
    if (bytes > this.bytes) {
      this.take(bytes - this.bytes);
    } else {
      this.budget.give(this.bytes - bytes);
      this.bytes = bytes;
    }
  }

  /** Gives everything back, for good: the request is answered, or its caller gone. */
  release(): void {
    this.isOver = true;
    this.budget.give(this.bytes);
    this.bytes = 0;
  }
}
