import type { IEnvoyFilter } from '@kubernetes-models/istio/networking.istio.io/v1alpha3';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { accessLog } from './access-log';
import { apiVersions } from './api-versions';
import type { LoweredGateway } from './lowered-gateway';
import type { HttpFilter } from './proxy-filter';
import { rateLimitFilters } from './rate-limits';
import { localReplies } from './refusals';

type Patch = NonNullable<NonNullable<IEnvoyFilter['spec']>['configPatches']>[number];

const connectionManager = 'envoy.filters.network.http_connection_manager';

/** What the mesh's own resources cannot say of the gateway's proxies. */
export function addProxyConfiguration(scope: Construct, gateway: LoweredGateway): void {
  const { name, labels, podLabels } = gateway;
  const spec: IEnvoyFilter['spec'] = {
    workloadSelector: { labels: { ...podLabels } },
    configPatches: [
      connectionManagerPatch,
      longAnswers,
      ...requestSizePatches(gateway),
      ...rateLimitFilters(gateway).map(beforeRouter),
    ],
  };
  new ApiObject(scope, 'proxy', {
    apiVersion: apiVersions.envoyFilter,
    kind: 'EnvoyFilter',
    metadata: { name, labels: { ...labels } },
    spec,
  });
  // The mesh's own format has callers' addresses in it.
  new ApiObject(scope, 'telemetry', {
    apiVersion: apiVersions.telemetry,
    kind: 'Telemetry',
    metadata: { name, labels: { ...labels } },
    spec: {
      selector: { matchLabels: { ...podLabels } },
      accessLogging: [{ disabled: true }],
    },
  });
}

const connectionManagerPatch: Patch = {
  applyTo: 'NETWORK_FILTER',
  match: {
    context: 'GATEWAY',
    listener: { filterChain: { filter: { name: connectionManager } } },
  },
  patch: {
    operation: 'MERGE',
    value: {
      typed_config: {
        '@type': `type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
        // A path that is read in two ways is authorized in one and served in the other.
        normalize_path: true,
        merge_slashes: true,
        path_with_escaped_slashes_action: 'REJECT_REQUEST',
        common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
        access_log: [accessLog()],
        local_reply_config: localReplies(),
      },
    },
  },
};

/** The contract is longer than the 4 KiB that the proxy's own answers may have. */
const longAnswers: Patch = {
  applyTo: 'ROUTE_CONFIGURATION',
  match: { context: 'GATEWAY' },
  patch: { operation: 'MERGE', value: { max_direct_response_body_size_bytes: 1_048_576 } },
};

function beforeRouter(filter: HttpFilter): Patch {
  return {
    applyTo: 'HTTP_FILTER',
    match: {
      context: 'GATEWAY',
      listener: {
        filterChain: {
          filter: { name: connectionManager, subFilter: { name: 'envoy.filters.http.router' } },
        },
      },
    },
    patch: { operation: 'INSERT_BEFORE', value: { ...filter } },
  };
}

/**
 * The proxy keeps a request until it is whole to see how large it is, which a stream never is: hosts with
 * gRPC are left to their servers, which refuse what is too large themselves.
 */
function requestSizePatches({ props, behind }: LoweredGateway): readonly Patch[] {
  const { maxRequestBytes } = props;
  if (maxRequestBytes === undefined) return [];
  const name = 'envoy.filters.http.buffer';
  const type = 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3';
  return [
    beforeRouter({
      name,
      typed_config: { '@type': `${type}.Buffer`, max_request_bytes: maxRequestBytes },
    }),
    ...behind.map(({ host }): Patch => ({
      applyTo: 'VIRTUAL_HOST',
      match: { context: 'GATEWAY', routeConfiguration: { vhost: { name: `${host}:443` } } },
      patch: {
        operation: 'MERGE',
        value: {
          typed_per_filter_config: {
            [name]: { '@type': `${type}.BufferPerRoute`, disabled: true },
          },
        },
      },
    })),
  ];
}
