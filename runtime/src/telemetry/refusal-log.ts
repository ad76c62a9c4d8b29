import { logFields } from '@manara/contract';
import type { ServerLog } from './logger';

/** Milliseconds between lines. */
const everyMillis = 1000;

/** Says that requests are refused for the load, once a second: a line for each would add to the load. */
export class RefusalLog {
  private count = 0;
  private saidAt = -Infinity;

  constructor(private readonly log: ServerLog) {}

  /** Notes a refusal. @param code - the error's */
  note(code: string): void {
    this.count++;
    const now = performance.now();
    if (now - this.saidAt < everyMillis) return;
    this.saidAt = now;
    this.log.write(
      'warn',
      'overloaded',
      `${this.count} requests refused since the last such line`,
      {
        [logFields.error]: code,
      },
    );
    this.count = 0;
  }
}
