import type { IDestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1/DestinationRule';
import type { Circuit } from '@manara/planner';

type TrafficPolicy = NonNullable<NonNullable<IDestinationRule['spec']>['trafficPolicy']>;

/** Seconds that a replica is left alone, times how often it was; the kubelet restarts one in as many. */
const ejectionSeconds = 30;

/**
 * How a caller's proxy connects to replicas, shares requests among them, and leaves one alone.
 *
 * @param priorities labels, `key=value`, in whose order replicas are asked: those that have them all first.
 * Zones are not among them: they have as many replicas as there are, not as callers there need.
 * @param circuit where it stops
 */
export function trafficPolicy(circuit: Circuit, priorities: readonly string[]): object {
  const { maxRequests, consecutiveErrors, warmupSeconds } = circuit;
  const policy: TrafficPolicy = {
    tls: { mode: 'ISTIO_MUTUAL' },
    loadBalancer: {
      simple: 'LEAST_REQUEST',
      localityLbSetting: { enabled: true, failoverPriority: [...priorities] },
      warmup: { duration: `${warmupSeconds}s` },
    },
    connectionPool: {
      tcp: {
        // HTTP/1.1 has one request on a connection.
        maxConnections: maxRequests,
        connectTimeout: `${circuit.connectTimeoutMillis}ms`,
      },
      http: {
        http1MaxPendingRequests: maxRequests,
        http2MaxRequests: maxRequests,
        maxRetries: circuit.maxRetries,
      },
    },
    outlierDetection: {
      consecutive5xxErrors: consecutiveErrors,
      consecutiveGatewayErrors: consecutiveErrors,
      // A replica that cannot be reached is told from one that answers errors.
      splitExternalLocalOriginErrors: true,
      consecutiveLocalOriginFailures: 3,
      interval: '5s',
      baseEjectionTime: `${ejectionSeconds}s`,
      maxEjectionPercent: circuit.maxEjectionPercent,
    },
  };
  return policy;
}
