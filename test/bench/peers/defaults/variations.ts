import type { ServerConfig } from '@manara/contract';

/** One thing that is otherwise than by default. */
export interface Variation {
  readonly name: string;
  readonly flags?: readonly string[];
  readonly config?: Readonly<ServerConfig>;
}

/**
 * What each default costs, or would. Validation of requests is not among them: it cannot be switched
 * off.
 *
 * @param collector address of what takes spans
 */
export function variations(collector: string): readonly Variation[] {
  return [
    { name: 'metrics off', flags: ['--allow-metrics', 'false'] },
    { name: 'traces on', config: { tracesEndpoint: collector } },
    { name: 'a log line per request', flags: ['--log-level', 'debug'] },
    { name: 'one inference thread', config: { workers: 1 } },
    { name: 'node:http reads all', flags: ['--http-parser', 'node'] },
  ];
}
