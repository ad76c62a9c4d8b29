import type { IncomingMessage } from 'node:http';
import type { Caller, CallTerms } from '../call';

/** The terms of a request that came over node:http. */
export class HttpTerms implements CallTerms {
  constructor(
    private readonly request: IncomingMessage,
    readonly caller: Caller,
    readonly left: AbortSignal,
  ) {}

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}
