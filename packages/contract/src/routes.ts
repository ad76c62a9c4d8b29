import type { Verb } from './verbs';

/**
 * HTTP routes of the server: the Open Inference Protocol v2 with Triton's repository and
 * statistics extensions, explanations and jobs, and what the server says of itself. The constructs' probes and the server's router both
 * read this table.
 *
 * Patterns are in the `:name` form; `path` fills one in.
 */
export const routes = {
  serverMetadata: { verb: 'read', method: 'GET', pattern: '/v2' },
  openapi: { verb: 'read', method: 'GET', pattern: '/v2/openapi.json' },
  status: { verb: 'read', method: 'GET', pattern: '/v2/status' },
  // The page holds no data: what it shows it asks for, with what its reader is known by.
  statusPage: { verb: 'health', method: 'GET', pattern: '/status' },
  profile: { verb: 'admin', method: 'POST', pattern: '/v2/admin/profile' },
  serverLive: { verb: 'health', method: 'GET', pattern: '/v2/health/live' },
  serverReady: { verb: 'health', method: 'GET', pattern: '/v2/health/ready' },
  modelMetadata: { verb: 'read', method: 'GET', pattern: '/v2/models/:model' },
  modelVersionMetadata: {
    verb: 'read',
    method: 'GET',
    pattern: '/v2/models/:model/versions/:version',
  },
  modelReady: { verb: 'read', method: 'GET', pattern: '/v2/models/:model/ready' },
  modelVersionReady: {
    verb: 'read',
    method: 'GET',
    pattern: '/v2/models/:model/versions/:version/ready',
  },
  modelInfer: { verb: 'infer', method: 'POST', pattern: '/v2/models/:model/infer' },
  modelVersionInfer: {
    verb: 'infer',
    method: 'POST',
    pattern: '/v2/models/:model/versions/:version/infer',
  },
  modelFeedback: { verb: 'infer', method: 'POST', pattern: '/v2/models/:model/feedback' },
  modelExplain: { verb: 'explain', method: 'POST', pattern: '/v2/models/:model/explain' },
  modelVersionExplain: {
    verb: 'explain',
    method: 'POST',
    pattern: '/v2/models/:model/versions/:version/explain',
  },
  modelConfig: { verb: 'read', method: 'GET', pattern: '/v2/models/:model/config' },
  modelVersionConfig: {
    verb: 'read',
    method: 'GET',
    pattern: '/v2/models/:model/versions/:version/config',
  },
  statistics: { verb: 'read', method: 'GET', pattern: '/v2/models/stats' },
  modelStatistics: { verb: 'read', method: 'GET', pattern: '/v2/models/:model/stats' },
  modelVersionStatistics: {
    verb: 'read',
    method: 'GET',
    pattern: '/v2/models/:model/versions/:version/stats',
  },
  repositoryIndex: { verb: 'read', method: 'POST', pattern: '/v2/repository/index' },
  repositoryModelLoad: {
    verb: 'load',
    method: 'POST',
    pattern: '/v2/repository/models/:model/load',
  },
  repositoryModelUnload: {
    verb: 'load',
    method: 'POST',
    pattern: '/v2/repository/models/:model/unload',
  },
  modelBatch: { verb: 'infer', method: 'POST', pattern: '/v2/models/:model/batch' },
  modelVersionBatch: {
    verb: 'infer',
    method: 'POST',
    pattern: '/v2/models/:model/versions/:version/batch',
  },
  jobs: { verb: 'own', method: 'GET', pattern: '/v2/jobs' },
  job: { verb: 'own', method: 'GET', pattern: '/v2/jobs/:job' },
  jobResult: { verb: 'own', method: 'GET', pattern: '/v2/jobs/:job/result' },
  jobCancel: { verb: 'own', method: 'DELETE', pattern: '/v2/jobs/:job' },
} as const satisfies Readonly<Record<string, Route>>;

/** On the metrics port. */
export const metricsRoute = {
  verb: 'metrics',
  method: 'GET',
  pattern: '/metrics',
} as const satisfies Route;

export interface Route {
  /** What a caller has to be allowed to do. */
  readonly verb: Verb;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly pattern: string;
}

export type RouteName = keyof typeof routes;

/** Names of the `:parameters` in a pattern. */
type ParametersOf<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParametersOf<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** Fills a pattern's parameters in, percent-encoded. */
export function path<P extends string>(
  route: { readonly pattern: P },
  ...[parameters]: [ParametersOf<P>] extends [never]
    ? []
    : [parameters: Readonly<Record<ParametersOf<P>, string | number>>]
): string {
  const values: Readonly<Record<string, string | number>> = parameters ?? {};
  return route.pattern.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(values[name])),
  );
}
