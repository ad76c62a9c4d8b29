import type { RequestHeaders } from '../../http2/request-head';

const isTimeout = /^(\d{1,8})([HMSmun])$/;

const millisOf: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** What a call that we answer ourselves says before its message. */
export interface PlainHead {
  readonly headers: RequestHeaders;
  /** Milliseconds that the caller waits. @default - without end */
  readonly timeoutMillis: number | undefined;
}

/**
 * The head of a call of one method whose message follows as it is; `undefined` for every other, which is
 * grpc-js's to answer.
 */
export function plainHead(path: string, headers: RequestHeaders): PlainHead | undefined {
  if (headers[':path'] !== path || headers[':method'] !== 'POST') return undefined;
  const type = headers['content-type'];
  if (type !== 'application/grpc' && type !== 'application/grpc+proto') return undefined;
  const encoding = headers['grpc-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return undefined;
  const timeout = headers['grpc-timeout'];
  if (timeout === undefined) return { headers, timeoutMillis: undefined };
  const [, count, unit = ''] = isTimeout.exec(timeout) ?? [];
  const scale = millisOf[unit];
  return scale === undefined ? undefined : { headers, timeoutMillis: Number(count) * scale };
}
