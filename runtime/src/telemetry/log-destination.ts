import { write } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Milliseconds before a descriptor that is busy is tried again. */
const retryMillis = 50;

/** Takes lines that must not be lost without a word. */
export interface LineSink {
  /** Resolves once the line is written. Rejects where it is not. */
  deliver(line: string): Promise<void>;
}

interface Waiting {
  readonly line: string;
  /** Told how it ended; without it the line is one that may be dropped. */
  readonly done?: (error: Error | null) => void;
}

/**
 * Writes lines to a file descriptor in the background. A reader that is slow, a disk that is full or
 * a pipe that is closed must cost log lines, not requests: what does not fit is dropped and counted.
 */
export class LogDestination implements DestinationStream, LineSink {
  private waiting: Waiting[] = [];
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
    if (this.waitingLength + line.length > this.limit) this.dropped++;
    else this.add({ line });
  }

  deliver(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      // Lines that may be dropped must not take all the room from those that may not.
      if (this.waitingLength + line.length > 2 * this.limit) {
        reject(new Error('too much waits to be written already'));
        return;
      }
      const done = (error: Error | null): void => {
        if (error === null) resolve();
        else reject(error);
      };
      this.add({ line, done });
    });
  }

  private add(waiting: Waiting): void {
    this.waiting.push(waiting);
    this.waitingLength += waiting.line.length;
    if (!this.writing) this.next();
  }

  private next(): void {
    const taken = this.waiting;
    this.writing = taken.length > 0;
    if (!this.writing) return;
    this.waiting = [];
    this.waitingLength = 0;
    const told = this.dropped;
    const lines = taken.map(({ line }) => line).join('');
    this.send(Buffer.from(told === 0 ? lines : this.notice(told) + lines), (error) => {
      const lost = taken.filter(({ done }) => done === undefined).length;
      this.dropped += error === null ? -told : lost;
      for (const { done } of taken) done?.(error);
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
