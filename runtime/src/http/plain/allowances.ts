import { timeouts } from '../timeouts';

/** Time that a caller is given for a part of its request. */
export interface Allowance {
  readonly seconds: number;
  /** Whether it is told that the time is over, or the connection only closed. */
  readonly isTold: boolean;
}

/** The times of node:http. */
export const allowances = {
  /** For a head, from its first byte on; the first one from the connection on. */
  head: { seconds: timeouts.headersTimeout / 1000, isTold: true },
  /** For the body. */
  body: { seconds: timeouts.requestTimeout / 1000, isTold: true },
  /** To the next request. */
  idle: { seconds: timeouts.keepAliveTimeout / 1000, isTold: false },
} as const satisfies Readonly<Record<string, Allowance>>;
