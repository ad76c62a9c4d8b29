import type { KubernetesDocument } from '../../support/documents';

/** Where the bed's metrics APIs listen: an address out of the range of Services. */
export const metricsAddress = '10.96.255.1';
export const metricsPort = 443;

interface MetricsGroup {
  readonly group: string;
  readonly version: string;
  /** Kind of its lists. */
  readonly list: string;
  readonly resources: readonly object[];
}

/** The APIs that autoscalers ask. */
export const groups: readonly MetricsGroup[] = [
  {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    list: 'PodMetricsList',
    resources: [resource('pods', 'PodMetrics')],
  },
  {
    group: 'custom.metrics.k8s.io',
    version: 'v1beta2',
    list: 'MetricValueList',
    resources: [resource('pods/*', 'MetricValueList')],
  },
  {
    group: 'external.metrics.k8s.io',
    version: 'v1beta1',
    list: 'ExternalMetricValueList',
    resources: [resource('externalmetrics', 'ExternalMetricValueList')],
  },
];

const metadata = { name: 'bed-metrics', namespace: 'kube-system' };

/** Lets the API server send what concerns these groups to the bed's metrics APIs. */
export const metricsDocuments: readonly KubernetesDocument[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { clusterIP: metricsAddress, ports: [{ name: 'https', port: metricsPort }] },
  },
  {
    // It is reached at the Service's address; but without an endpoint it is not asked.
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port: metricsPort }],
    endpoints: [{ addresses: [metricsAddress] }],
  },
  ...groups.map(({ group, version }) => ({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      service: { ...metadata, port: metricsPort },
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  })),
];

function resource(name: string, kind: string): object {
  return { name, kind, namespaced: true, singularName: '', verbs: ['get', 'list'] };
}
