import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { KeyPair } from '../certificates';
import { hasLabels, type Labels, type Pod } from '../kubelet/pod';
import { groups, metricsAddress, metricsPort } from './metrics-documents';
import type { MetricValues } from './metric-values';

export interface MetricsApiProps {
  /** What it shows itself with; the API server does not look. */
  readonly certificate: KeyPair;
  readonly pods: () => readonly Pod[];
  readonly values: MetricValues;
}

/** A list of the API that is answered, or `undefined` where nobody set the metric. */
type Items = readonly object[] | undefined;

/**
 * `metrics.k8s.io`, `custom.metrics.k8s.io` and `external.metrics.k8s.io`, as an API server of its own
 * behind the real one: where autoscalers ask.
 */
export class MetricsApi {
  private constructor(private readonly server: Server) {}

  static async start(props: MetricsApiProps): Promise<MetricsApi> {
    const { certificate, key } = props.certificate;
    const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
    const server = createServer(tls, (request, reply) => {
      const url = new URL(request.url ?? '/', 'https://metrics');
      void answer(props, url).then(
        (found) => {
          write(reply, found === undefined ? 404 : 200, found ?? notFound(url.pathname));
        },
        (error: unknown) => {
          write(reply, 500, { kind: 'Status', status: 'Failure', message: String(error) });
        },
      );
    }).listen(metricsPort, metricsAddress);
    await once(server, 'listening');
    return new MetricsApi(server);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function answer(props: MetricsApiProps, url: URL): Promise<object | undefined> {
  const [, apis, group = '', version, namespaces, namespace = '', ...rest] =
    url.pathname.split('/');
  const known = groups.find((one) => one.group === group && one.version === version);
  if (apis !== 'apis' || known === undefined) return undefined;
  const apiVersion = `${group}/${version ?? ''}`;
  if (namespaces === undefined) {
    const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersion };
    return { ...list, resources: known.resources };
  }
  const labels = labelsOf(url.searchParams.get('labelSelector') ?? '');
  const pods = props
    .pods()
    .filter((pod) => pod.metadata.namespace === namespace && hasLabels(pod, labels))
    .filter(({ status }) => status?.phase === 'Running');
  const items = await itemsOf(props.values, group, namespace, rest, pods);
  return items && { kind: known.list, apiVersion, metadata: {}, items };
}

/** @param path - what follows the namespace: `pods`, `pods/ANY/METRIC` or `METRIC`. */
async function itemsOf(
  values: MetricValues,
  group: string,
  namespace: string,
  path: readonly string[],
  pods: readonly Pod[],
): Promise<Items> {
  const timestamp = new Date().toISOString();
  if (group === 'metrics.k8s.io') {
    return Promise.all(pods.map((pod) => podMetrics(values, pod, timestamp)));
  }
  const metricName = path.at(-1) ?? '';
  if (group === 'external.metrics.k8s.io') {
    const value = await values.externalMetric(metricName, namespace);
    return value === undefined
      ? undefined
      : [{ metricName, metricLabels: {}, timestamp, value: quantity(value) }];
  }
  const found = await Promise.all(
    pods.map(async ({ metadata: { name, labels = {} } }) => {
      const value = await values.podMetric(metricName, namespace, labels);
      const describedObject = { kind: 'Pod', apiVersion: '/v1', namespace, name };
      const metric = { name: metricName };
      return value === undefined
        ? []
        : [{ describedObject, metric, timestamp, value: quantity(value) }];
    }),
  );
  return found.flat();
}

async function podMetrics(values: MetricValues, pod: Pod, timestamp: string): Promise<object> {
  const { name, namespace, labels = {} } = pod.metadata;
  const cpu = `${Math.round(await values.cpuMillis(namespace, labels))}m`;
  // One process plays them all; what it uses is the first one's.
  const containers = pod.spec.containers.map((container, i) => ({
    name: container.name,
    usage: { cpu: i === 0 ? cpu : '0', memory: '64Mi' },
  }));
  return { metadata: { name, namespace, labels }, timestamp, window: '1s', containers };
}

/** Of a selector `app=echo,track=a`. @throws Error for any other kind */
function labelsOf(selector: string): Labels {
  const pairs = selector.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([^=!\s]+)==?([^=\s]*)$/.exec(pair) ?? [];
      if (key === undefined || value === undefined) {
        throw new Error(`the bed's metrics know no selector such as "${pair}"`);
      }
      return [key, value];
    }),
  );
}

function quantity(value: number): string {
  return `${Math.round(value * 1000)}m`;
}

function notFound(path: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404, message: path };
}

function write(reply: ServerResponse, status: number, body: object): void {
  reply.writeHead(status, { 'content-type': 'application/json' });
  reply.end(JSON.stringify(body));
}
