import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';

/** Names of the two sets of pods between which a rollout divides an endpoint's requests. */
export const subsets = { stable: 'stable', canary: 'canary' } as const;

/** Name of the route that leads where a request names no version: the one that rollouts weigh. */
export const primaryRoute = 'primary';

/**
 * Where a mesh leads an endpoint's requests on a site. A VirtualService of the mesh and one of each
 * gateway delegate to `routes`, so that weights are said, and changed by a rollout, in one place.
 */
export interface EndpointRoutes {
  /** The VirtualService that others delegate to, with the route `primary`. */
  readonly routes: ApiObject;
  /** The DestinationRule of the endpoint's Service. */
  readonly destination: ApiObject;
  /** Divides the route `primary` between the subsets `stable` (100) and `canary` (0), once. */
  readonly divide: () => void;
}

interface Destination {
  readonly host: string;
  readonly subset?: string;
}

/** The routes of a workload through Istio. */
export function addEndpointRoutes(scope: Construct, workload: LoweredWorkload): EndpointRoutes {
  const { endpoint, site, podLabels } = workload;
  const host = `${workload.service.name}.${site.namespaceName}.svc.cluster.local`;
  let divided = false;
  const to = (subset?: string): { readonly destination: Destination } => ({
    destination: { host, ...(subset === undefined ? {} : { subset }) },
  });
  const routes = new ApiObject(scope, 'routes', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `${endpoint.name}-routes` },
    spec: {
      http: [
        {
          name: primaryRoute,
          route: Lazy.any({
            produce: () =>
              divided
                ? [
                    { ...to(subsets.stable), weight: 100 },
                    { ...to(subsets.canary), weight: 0 },
                  ]
                : [to()],
          }) as unknown,
        },
      ],
    },
  });
  new ApiObject(scope, 'mesh-routes', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: endpoint.name },
    spec: {
      hosts: [host],
      http: [{ delegate: { name: routes.name } }],
    },
  });
  const destination = new ApiObject(scope, 'destination', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: endpoint.name },
    spec: {
      host,
      subsets: Lazy.any({
        produce: () =>
          divided
            ? [subsets.stable, subsets.canary].map((name) => ({ name, labels: { ...podLabels } }))
            : undefined,
      }) as unknown,
    },
  });
  return {
    routes,
    destination,
    divide: () => {
      divided = true;
    },
  };
}
