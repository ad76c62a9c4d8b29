import type { IncomingHttpHeaders } from 'node:http';

/** What the echo server says, with status 200, or 500 where it was told to fail. */
export interface EchoAnswer {
  /** Name of the pod that answered. */
  readonly pod: string;
  /** Tag of its image. */
  readonly version: string;
  /** The request as it arrived. */
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How badly an echo server behaves; from its environment, and changed by PUT /faults. */
export interface EchoFaults {
  /** Share of requests that fail, evenly spread; `ERROR_RATE`. @default 0 */
  readonly errorRate: number;
  /** Added to each request; `LATENCY_MILLIS`. @default 0 */
  readonly latencyMillis: number;
}
