import { logFields } from './log-fields';
import { metrics } from './metrics';
import { spanAttributes } from './spans';

/** What a field of telemetry is part of. */
export type TelemetrySignal = 'resource' | 'span' | 'log' | 'metric';

/** One attribute of a span or a resource, one field of a log line, or one label of a metric. */
export interface TelemetryField {
  readonly signal: TelemetrySignal;
  readonly name: string;
  readonly tells: string;
  /** Whether it may leave the site: what may not is dropped by the site's collector. */
  readonly leaves: boolean;
}

type Told = readonly [tells: string, leaves?: false];
type Fields<T> = Readonly<Record<keyof T, Told>>;

/** What names a process. Source: OpenTelemetry semantic conventions, "Resource"; read 2026-11. */
const resources: Readonly<Record<string, Told>> = {
  'service.name': ['What runs: manara-server'],
  'telemetry.sdk.language': ['Of the library that recorded it'],
  'telemetry.sdk.name': ['Of the library that recorded it'],
  'telemetry.sdk.version': ['Of the library that recorded it'],
};

const spansTell: Fields<typeof spanAttributes> = {
  model: ['Name of the model'],
  version: ['Number of the version'],
  batchSize: ['Rows of a request, or of a run'],
  batchRequests: ['Requests that shared a run'],
  explainMethod: ['How an explanation was made'],
  explainEvaluations: ['Rows that an explanation ran'],
  protocol: ['http, grpc or job'],
};

/**
 * What proxies of Envoy and Istio say of a request, as far as it names nobody: addresses, whole URLs, user
 * agents and request ids are not among it.
 * Source: Envoy, "Tracing", and istio/istio, Telemetry API; read 2026-11.
 */
const proxiesTell: Readonly<Record<string, Told>> = {
  component: ['proxy'],
  'http.method': ['Method'],
  'http.protocol': ['Version of HTTP'],
  'http.status_code': ['Status'],
  'grpc.status_code': ['Status of gRPC'],
  response_flags: ['Why the proxy answered in the place of the server'],
  request_size: ['Bytes'],
  response_size: ['Bytes'],
  'upstream_cluster.name': ['Which service, port and version the proxy chose'],
  'istio.canonical_service': ['Which service the proxy stands before'],
  'istio.canonical_revision': ['Its version'],
  'istio.namespace': ['Its namespace'],
};

const logsTell: Fields<typeof logFields> = {
  event: ['What happened, from a closed list'],
  model: ['Name of the model'],
  version: ['Number of the version'],
  protocol: ['http, grpc or job'],
  status: ['Status of the answer'],
  durationMicros: ['Time from arrival to answer, in microseconds'],
  traceId: ['Which trace the request is part of'],
  caller: ['Who asked, as identity names callers', false],
  verb: ['What a rule has to allow for it'],
  action: ['Name of the route or of the gRPC method'],
  outcome: ['What it came to'],
  // A code mostly, but a reason in words of a store or a receiver, which may quote what it was sent.
  error: ['Code of the error, or a reason in words', false],
  uri: ['Where weights come from', false],
  bytes: ['Bytes received so far, or in all'],
  totalBytes: ['Bytes that the source announced'],
  attempt: ['Number of the try that failed'],
};

const labelsTell: Readonly<Record<string, string>> = {
  model: 'Name of the model',
  version: 'Number of the version',
  model_name: "Name of the model, as KServe's metrics have it",
  reason: 'REJECTED, CANCELED, BACKEND or OTHER',
  protocol: 'http, grpc or job',
  thread: 'io or inference',
  code: 'Code of an error',
  verb: 'What a rule has to allow',
  by: 'model, cached or static',
  variant: 'Name of the variant',
  match: 'true where a prediction was right',
};

/** Labels of the server's metrics, each once. */
const labels = [...new Set(Object.values(metrics).flatMap((metric) => metric.labels))];

/** Every field of telemetry that there is: what is not in here does not leave a site. */
export const telemetryFields: readonly TelemetryField[] = [
  ...Object.entries(resources).map(([name, told]) => field('resource', name, told)),
  ...named(spanAttributes).map(([key, name]) => field('span', name, spansTell[key])),
  ...Object.entries(proxiesTell).map(([name, told]) => field('span', name, told)),
  ...named(logFields).map(([key, name]) => field('log', name, logsTell[key])),
  ...labels.map((name) => field('metric', name, [labelsTell[name] ?? ''])),
];

/** Names of the attributes, fields and labels that may leave a site, each once, sorted. */
export const leavingFields: readonly string[] = [
  ...new Set(telemetryFields.filter(({ leaves }) => leaves).map(({ name }) => name)),
]
  .filter((name) => !telemetryFields.some((one) => one.name === name && !one.leaves))
  .sort();

function field(signal: TelemetrySignal, name: string, [tells, leaves]: Told): TelemetryField {
  return { signal, name, tells, leaves: leaves ?? true };
}

function named<T extends Readonly<Record<string, string>>>(names: T): readonly [keyof T, string][] {
  return Object.entries(names);
}
