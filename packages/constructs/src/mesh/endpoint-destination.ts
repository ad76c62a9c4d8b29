import { ports } from '@manara/contract';
import type { Circuit } from '@manara/planner';
import { type ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import { addIstioObject } from './istio-object';
import { prioritiesOf } from './reserve';
import { trafficPolicy } from './traffic-policy';

/** Names of the two sets of pods between which a rollout divides an endpoint's requests. */
export const subsets = { stable: 'stable', canary: 'canary' } as const;

/** The DestinationRule of an endpoint's Service. */
export interface EndpointDestination {
  readonly object: ApiObject;
  readonly host: string;
  /** Tells two subsets of the pods apart, from now on. */
  readonly divide: () => void;
}

/** How callers' proxies reach the pods of a workload by its Service. */
export function addEndpointDestination(
  scope: Construct,
  workload: LoweredWorkload,
  circuit: Circuit,
): EndpointDestination {
  const { endpoint, podLabels } = workload;
  const host = serviceHost(workload);
  let divided = false;
  const object = addIstioObject(scope, 'destination', {
    kind: 'DestinationRule',
    name: endpoint.name,
    spec: {
      host,
      trafficPolicy: trafficPolicy(circuit, prioritiesOf(workload)),
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

/** How they reach the pods and the reserve, by the host that stands for both. */
export function addReserveDestination(
  scope: Construct,
  workload: LoweredWorkload,
  circuit: Circuit,
  host: string,
): void {
  const policy = trafficPolicy(circuit, prioritiesOf(workload));
  addIstioObject(scope, 'reserve-destination', {
    kind: 'DestinationRule',
    name: `${workload.endpoint.name}-reserve`,
    spec: {
      host,
      trafficPolicy: {
        ...policy,
        // A port's settings inherit nothing.
        portLevelSettings: [ports.http, ports.grpc].map((number) => ({
          port: { number },
          ...policy,
          // Another site's gateway knows the Service by this name, and no pod reads it.
          tls: { mode: 'ISTIO_MUTUAL', sni: `outbound_.${number}_._.${serviceHost(workload)}` },
        })),
      },
    },
  });
}

function serviceHost({ service, site }: LoweredWorkload): string {
  return `${service.name}.${site.namespaceName}.svc.cluster.local`;
}
