import { rootNamespace } from '../bed/istio/istiod';
import type { KubernetesDocument } from '../support/documents';

/** So many requests a minute for each `x-caller` of a host, counted in Redis. */
export function rateLimit(
  namespace: string,
  host: string,
  perMinute: number,
  redisPort: number,
): readonly KubernetesDocument[] {
  return [limits(namespace, perMinute), service, deployment(redisPort), filter(namespace, host)];
}

const metadata = { name: 'ratelimit' };
const labels = { app: 'ratelimit' };

function limits(domain: string, perMinute: number): KubernetesDocument {
  const caller = { key: 'caller', rate_limit: { unit: 'minute', requests_per_unit: perMinute } };
  const config = { domain, descriptors: [caller] };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'config.yaml': JSON.stringify(config) },
  };
}

const service: KubernetesDocument = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata,
  spec: { selector: labels, ports: [{ name: 'grpc', port: 8081 }] },
};

function deployment(redisPort: number): KubernetesDocument {
  const env = {
    REDIS_SOCKET_TYPE: 'tcp',
    REDIS_URL: `127.0.0.1:${redisPort}`,
    RUNTIME_ROOT: '/data',
    RUNTIME_SUBDIRECTORY: 'ratelimit',
    RUNTIME_WATCH_ROOT: 'false',
  };
  const container = {
    name: 'ratelimit',
    image: 'docker.test/envoyproxy/ratelimit:1.4',
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ports: [{ name: 'grpc', containerPort: 8081 }],
    readinessProbe: { httpGet: { path: '/healthcheck', port: 8080 }, periodSeconds: 1 },
    volumeMounts: [{ name: 'config', mountPath: '/data/ratelimit/config' }],
  };
  const volumes = [{ name: 'config', configMap: { name: 'ratelimit' } }];
  const template = { metadata: { labels }, spec: { containers: [container], volumes } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** Makes the gateway ask the service about requests for the host. */
function filter(namespace: string, host: string): KubernetesDocument {
  const cluster = `outbound|8081||ratelimit.${namespace}.svc.cluster.local`;
  const rateLimitFilter = {
    name: 'envoy.filters.http.ratelimit',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit',
      domain: namespace,
      failure_mode_deny: true,
      rate_limit_service: {
        grpc_service: { envoy_grpc: { cluster_name: cluster } },
        transport_api_version: 'V3',
      },
    },
  };
  const byCaller = {
    request_headers: { header_name: 'x-caller', descriptor_key: 'caller' },
  };
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: namespace, namespace: rootNamespace },
    spec: {
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'GATEWAY',
            listener: {
              filterChain: {
                filter: {
                  name: 'envoy.filters.network.http_connection_manager',
                  subFilter: { name: 'envoy.filters.http.router' },
                },
              },
            },
          },
          patch: { operation: 'INSERT_BEFORE', value: rateLimitFilter },
        },
        {
          applyTo: 'VIRTUAL_HOST',
          match: { context: 'GATEWAY', routeConfiguration: { vhost: { name: `${host}:80` } } },
          patch: { operation: 'MERGE', value: { rate_limits: [{ actions: [byCaller] }] } },
        },
      ],
    },
  };
}
