import type { KubernetesDocument } from '../support/documents';
import type { EchoFaults } from './echo-answer';

/** Ports of an echo pod, as of manara-server's. */
const httpPort = 8000;
const metricsPort = 8002;

export interface EchoProps {
  /** Of the Deployment, its pods' label `app` and their Service. @default "echo" */
  readonly name?: string;
  /** Tag of the image. */
  readonly version: string;
  /** @default 1 */
  readonly replicas?: number;
  /** More labels of the pods. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - it behaves well */
  readonly faults?: Partial<EchoFaults>;
}

/** A Deployment of echo servers. */
export function echoDeployment({
  name = 'echo',
  version,
  replicas = 1,
  labels = {},
  faults: { errorRate = 0, latencyMillis = 0 } = {},
}: EchoProps): KubernetesDocument {
  const selector = { app: name, ...labels };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: [name, ...Object.values(labels)].join('-') },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: 'server',
              image: `bed.test/echo:${version}`,
              env: [
                { name: 'ERROR_RATE', value: String(errorRate) },
                { name: 'LATENCY_MILLIS', value: String(latencyMillis) },
              ],
              ports: [
                { name: 'http', containerPort: httpPort },
                { name: 'metrics', containerPort: metricsPort },
              ],
              readinessProbe: {
                httpGet: { path: '/v2/health/ready', port: 'http' },
                periodSeconds: 1,
              },
            },
          ],
        },
      },
    },
  };
}

/** A Service of all echo servers of a name. */
export function echoService(name = 'echo'): KubernetesDocument {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: httpPort }] },
  };
}

/** A Gateway that lets plain HTTP in for these hosts; each needs a dot. */
export function plainGateway(...hosts: readonly string[]): KubernetesDocument {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }],
    },
  };
}

/** A route from the gateway to a Service. */
export function routeTo(host: string, service = 'echo', port = httpPort): KubernetesDocument {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service },
    spec: {
      hosts: [host],
      gateways: ['edge'],
      http: [{ route: [{ destination: { host: service, port: { number: port } } }] }],
    },
  };
}

/** A route from the gateway to subsets of a Service, by weight. */
export function weightedRoute(
  host: string,
  weights: Readonly<Record<string, number>>,
  service = 'echo',
): KubernetesDocument {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: service },
    spec: {
      hosts: [host],
      gateways: ['edge'],
      http: [
        {
          name: 'primary',
          route: Object.entries(weights).map(([subset, weight]) => ({
            destination: { host: service, subset },
            weight,
          })),
        },
      ],
    },
  };
}

/** Subsets of a Service by the labels of their pods. */
export function subsets(
  labelsOf: Readonly<Record<string, Readonly<Record<string, string>>>>,
  service = 'echo',
): KubernetesDocument {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: service },
    spec: {
      host: service,
      subsets: Object.entries(labelsOf).map(([name, labels]) => ({ name, labels })),
    },
  };
}
