import { errors } from '../../errors';

/** How many bytes the files of batches take, of those that they may. */
export class Quota {
  private used = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws ServingError JOB_STORE_FULL */
  take(bytes: number): void {
    if (this.used + bytes > this.maxBytes) {
      throw errors.jobStoreFull(`the files of batches may take ${this.maxBytes} bytes`);
    }
    this.used += bytes;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }

  /**
   * Sets right what is counted by what is there: other servers use the same folder.
   *
   * @param measure - gives the bytes of all files.
   */
  async measure(measure: () => Promise<number>): Promise<void> {
    const before = this.used;
    const measured = await measure();
    // What was taken meanwhile may or may not be in it.
    this.used = measured + Math.max(0, this.used - before);
  }
}
