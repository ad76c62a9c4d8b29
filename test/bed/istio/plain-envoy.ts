import type { KubernetesDocument } from '../../support/documents';
import { rootNamespace } from './istiod';

/** Takes out of every proxy's configuration the filters that only Istio's own build of Envoy has. */
export const plainEnvoy: KubernetesDocument = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'plain-envoy', namespace: rootNamespace },
  spec: {
    configPatches: [
      ...['istio.alpn', 'istio.stats', 'istio.metadata_exchange'].map((name) => ({
        applyTo: 'HTTP_FILTER',
        match: filterMatch({
          name: 'envoy.filters.network.http_connection_manager',
          subFilter: { name },
        }),
        patch: { operation: 'REMOVE' },
      })),
      ...['istio.stats', 'istio.metadata_exchange'].map((name) => ({
        applyTo: 'NETWORK_FILTER',
        match: filterMatch({ name }),
        patch: { operation: 'REMOVE' },
      })),
    ],
  },
};

function filterMatch(filter: object): object {
  return { context: 'ANY', listener: { filterChain: { filter } } };
}
