import type { ServerConfig } from './config';

/** Keys of the configuration that a program writes for an endpoint; all others are computed for it. */
export const givenParts = [
  'variants',
  'fallbacks',
  'identity',
  'rules',
  'limits',
  'audit',
  'jobs',
  'idempotency',
  'cache',
] as const satisfies readonly (keyof ServerConfig)[];

/** The parts of a configuration that a program writes for an endpoint. */
export type GivenConfig = Pick<ServerConfig, (typeof givenParts)[number]>;
