import { logFields } from '@manara/contract';
import type { ServingError } from '../errors';
import type { ServerLog } from './logger';

/** Milliseconds between lines. */
const everyMillis = 1000;

/**
 * Tells of requests that are refused. What may be sent again, as it was refused for the load or a limit,
 * is told once a second: a line for each would add to the load.
 */
export class RefusalLog {
  private count = 0;
  private saidAt = -Infinity;

  constructor(private readonly log: ServerLog) {}

  /** @param fields - of the line. The error's message stands in none: it may quote what the caller sent. */
  write(
    { code, retryAfterSeconds }: ServingError,
    fields: Readonly<Record<string, string | number | undefined>>,
  ): void {
    const mayReturn = retryAfterSeconds !== undefined;
    if (mayReturn) this.note(code);
    const line = { ...fields, [logFields.error]: code };
    this.log.write(mayReturn ? 'debug' : 'info', 'request_refused', 'refused', line);
  }

  private note(code: string): void {
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
