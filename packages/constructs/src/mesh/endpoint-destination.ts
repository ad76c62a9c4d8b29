import type { IDestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1/DestinationRule';
import type { Circuit } from '@manara/planner';
import { type ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import { addIstioObject } from './istio-object';

type Policy = NonNullable<NonNullable<IDestinationRule['spec']>['trafficPolicy']>;

/** Names of the two sets of pods between which a rollout divides an endpoint's requests. */
export const subsets = { stable: 'stable', canary: 'canary' } as const;

/** The DestinationRule of an endpoint's Service. */
export interface EndpointDestination {
  readonly object: ApiObject;
  readonly host: string;
  /** Tells two subsets of the pods apart, from now on. */
  readonly divide: () => void;
}

/** How callers' proxies connect to the pods of a workload, share requests among them, and leave one alone. */
export function addEndpointDestination(
  scope: Construct,
  { endpoint, site, podLabels, service }: LoweredWorkload,
  circuit: Circuit,
): EndpointDestination {
  const host = `${service.name}.${site.namespaceName}.svc.cluster.local`;
  let divided = false;
  const object = addIstioObject(scope, 'destination', {
    kind: 'DestinationRule',
    name: endpoint.name,
    spec: {
      host,
      trafficPolicy: trafficPolicy(circuit),
      subsets: Lazy.any({
        produce: () =>
          divided
            ? [subsets.stable, subsets.canary].map((name) => ({ name, labels: { ...podLabels } }))
            : undefined,
      }) as unknown,
    },
  });
  return {
    object,
    host,
    divide: () => {
      divided = true;
    },
  };
}

/** Seconds that a replica is left alone, times how often it was; the kubelet restarts one in as many. */
const ejectionSeconds = 30;

function trafficPolicy(circuit: Circuit): Policy {
  const { maxRequests, consecutiveErrors, warmupSeconds } = circuit;
  return {
    tls: { mode: 'ISTIO_MUTUAL' },
    loadBalancer: {
      simple: 'LEAST_REQUEST',
      // Zones have as many replicas as there are, not as callers there need: near is not better.
      localityLbSetting: { enabled: false },
      warmup: { duration: `${warmupSeconds}s` },
    },
    connectionPool: {
      tcp: {
        // HTTP/1.1 has one request on a connection.
        maxConnections: maxRequests,
        connectTimeout: `${circuit.connectTimeoutMillis}ms`,
      },
      http: { http1MaxPendingRequests: maxRequests, http2MaxRequests: maxRequests },
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
}
