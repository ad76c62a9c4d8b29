/** What the load generator is told on its standard input, as JSON. */
export interface LoadJob {
  readonly protocol: 'http' | 'grpc';
  readonly port: number;
  /** Bytes of one request: for HTTP all of it, for gRPC the ModelInferRequest. Base64. */
  readonly request: string;
  /** Requests in flight. */
  readonly concurrency: number;
  readonly seconds: number;
  /** Sent before the measured time begins, and not counted. */
  readonly warmupSeconds: number;
  /** Pause of each connection after an answer. @default 0 */
  readonly pauseMillis?: number;
  /** Root of the server's process tree, whose CPU time is read at both ends of the measured time. */
  readonly serverPid: number;
}

/** What it prints when it is done, as JSON. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** User and system time of the server's processes within `seconds`. */
  readonly serverCpuMicros: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}
