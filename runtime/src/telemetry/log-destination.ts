import { write } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Milliseconds before a descriptor that is busy is tried again. */
const retryMillis = 50;

/**
 * Writes lines to a file descriptor in the background. A reader that is slow, a disk that is full or
 * a pipe that is closed must cost log lines, not requests: what does not fit is dropped and counted.
 */
export class LogDestination implements DestinationStream {
  private waiting: string[] = [];
  private waitingLength = 0;
  private writing = false;
  private dropped = 0;

  /**
   * @param notice - the line that tells of dropped ones, written once lines get through again.
   * @param limit - characters that may wait. @default 1 MiB
   */
  constructor(
    private readonly descriptor: number,
    private readonly notice: (dropped: number) => string,
    private readonly limit = 1024 * 1024,
  ) {}

  write(line: string): void {
    if (this.waitingLength + line.length > this.limit) {
      this.dropped++;
      return;
    }
    this.waiting.push(line);
    this.waitingLength += line.length;
    if (!this.writing) this.next();
  }

  private next(): void {
    const lines = this.waiting;
    this.writing = lines.length > 0;
    if (!this.writing) return;
    this.waiting = [];
    this.waitingLength = 0;
    const told = this.dropped;
    const text = told === 0 ? lines.join('') : this.notice(told) + lines.join('');
    this.send(Buffer.from(text), (error) => {
      this.dropped += error === null ? -told : lines.length;
      this.next();
    });
  }

  private send(bytes: Buffer, done: (error: Error | null) => void): void {
    write(this.descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN')
        setTimeout(() => {
          this.send(bytes, done);
        }, retryMillis);
      else if (error !== null || written === bytes.length) done(error);
      else this.send(bytes.subarray(written), done);
    });
  }
}
