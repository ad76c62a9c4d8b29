/** What callers are given, in milliseconds, as node:http takes it. */
export const timeouts = {
  /** To send the headers. */
  headersTimeout: 20_000,
  /** To send the whole request. */
  requestTimeout: 120_000,
  /** Longer than load balancers keep idle connections, so that they close first. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
} as const;
