/**
 * HTTP routes of the server: the Open Inference Protocol v2 with Triton's repository and
 * statistics extensions, explanations and jobs, and what the server says of itself. The constructs' probes and the server's router both
 * read this table.
 *
 * Patterns are in the `:name` form; `path` fills one in.
 */
export const routes = {
  serverMetadata: { method: 'GET', pattern: '/v2' },
  openapi: { method: 'GET', pattern: '/v2/openapi.json' },
  status: { method: 'GET', pattern: '/v2/status' },
  statusPage: { method: 'GET', pattern: '/status' },
  profile: { method: 'POST', pattern: '/v2/admin/profile' },
  serverLive: { method: 'GET', pattern: '/v2/health/live' },
  serverReady: { method: 'GET', pattern: '/v2/health/ready' },
  modelMetadata: { method: 'GET', pattern: '/v2/models/:model' },
  modelVersionMetadata: { method: 'GET', pattern: '/v2/models/:model/versions/:version' },
  modelReady: { method: 'GET', pattern: '/v2/models/:model/ready' },
  modelVersionReady: { method: 'GET', pattern: '/v2/models/:model/versions/:version/ready' },
  modelInfer: { method: 'POST', pattern: '/v2/models/:model/infer' },
  modelVersionInfer: { method: 'POST', pattern: '/v2/models/:model/versions/:version/infer' },
  modelExplain: { method: 'POST', pattern: '/v2/models/:model/explain' },
  modelVersionExplain: { method: 'POST', pattern: '/v2/models/:model/versions/:version/explain' },
  modelConfig: { method: 'GET', pattern: '/v2/models/:model/config' },
  modelVersionConfig: { method: 'GET', pattern: '/v2/models/:model/versions/:version/config' },
  statistics: { method: 'GET', pattern: '/v2/models/stats' },
  modelStatistics: { method: 'GET', pattern: '/v2/models/:model/stats' },
  modelVersionStatistics: { method: 'GET', pattern: '/v2/models/:model/versions/:version/stats' },
  repositoryIndex: { method: 'POST', pattern: '/v2/repository/index' },
  repositoryModelLoad: { method: 'POST', pattern: '/v2/repository/models/:model/load' },
  repositoryModelUnload: { method: 'POST', pattern: '/v2/repository/models/:model/unload' },
  modelBatch: { method: 'POST', pattern: '/v2/models/:model/batch' },
  modelVersionBatch: { method: 'POST', pattern: '/v2/models/:model/versions/:version/batch' },
  jobs: { method: 'GET', pattern: '/v2/jobs' },
  job: { method: 'GET', pattern: '/v2/jobs/:job' },
  jobResult: { method: 'GET', pattern: '/v2/jobs/:job/result' },
  jobCancel: { method: 'DELETE', pattern: '/v2/jobs/:job' },
} as const satisfies Readonly<Record<string, Route>>;

/** On the metrics port. */
export const metricsRoute = { method: 'GET', pattern: '/metrics' } as const satisfies Route;

export interface Route {
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
