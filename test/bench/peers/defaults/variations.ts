import type { Variation } from '../contenders/manara';

/** What each default costs, or would. Validation of requests is not among them: it cannot be switched off. */
export const variations: Readonly<Record<string, Variation>> = {
  'metrics off': { flags: ['--allow-metrics', 'false'] },
  'traces off': { config: { tracesEndpoint: undefined } },
  'every request traced': { config: { tracesSampleRatio: 1 } },
  'a log line per request': { flags: ['--log-level', 'debug'] },
  'one inference thread': { config: { workers: 1 } },
  'node:http reads all': { flags: ['--http-parser', 'node'] },
};
