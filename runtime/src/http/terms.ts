import type { IncomingMessage } from 'node:http';
import { headers } from '@manara/contract';
import type { Caller, CallTerms } from '../call';

/** The terms of a request that came over node:http. */
export class HttpTerms implements CallTerms {
  readonly deadline: number | undefined;

  constructor(
    private readonly request: IncomingMessage,
    readonly caller: Caller,
    readonly left: AbortSignal,
  ) {
    this.deadline = deadlineAfter(this.header(headers.expectedTimeout));
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}

/** What a proxy says of its patience is a hint: what cannot be read is passed over. */
export function deadlineAfter(millis: string | undefined): number | undefined {
  if (millis === undefined || !/^\d{1,9}$/.test(millis)) return undefined;
  return performance.now() + Number(millis);
}
