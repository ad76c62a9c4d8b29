import { ports } from '@manara/contract';
import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';

/** Names of the two sets of pods between which a rollout divides an endpoint's requests. */
export const subsets = { stable: 'stable', canary: 'canary' } as const;

/** Names of an endpoint's routes, which rollouts weigh alike. */
export const routeNames = { grpc: 'grpc', rest: 'rest' } as const;

/**
 * Where a mesh leads an endpoint's requests on a site. A VirtualService of the mesh and one of each
 * gateway delegate to `routes`, so that weights are said, and changed by a rollout, in one place.
 */
export interface EndpointRoutes {
  /** The VirtualService that others delegate to, with the routes of `routeNames`. */
  readonly routes: ApiObject;
  /** The DestinationRule of the endpoint's Service. */
  readonly destination: ApiObject;
  /** Divides each route between the subsets `stable` (100) and `canary` (0), once. */
  readonly divide: () => void;
}

interface Destination {
  readonly host: string;
  readonly port: { readonly number: number };
  readonly subset?: string;
}

/** gRPC is told apart by its content type: a gateway has one port for both. */
const isGrpc = [{ headers: { 'content-type': { prefix: 'application/grpc' } } }];

/** The routes of a workload through Istio. */
export function addEndpointRoutes(scope: Construct, workload: LoweredWorkload): EndpointRoutes {
  const { endpoint, site, podLabels } = workload;
  const host = `${workload.service.name}.${site.namespaceName}.svc.cluster.local`;
  let divided = false;
  const to = (port: number, subset?: string): { readonly destination: Destination } => ({
    destination: { host, port: { number: port }, ...(subset === undefined ? {} : { subset }) },
  });
  const route = (port: number): unknown =>
    Lazy.any({
      produce: () =>
        divided
          ? [
              { ...to(port, subsets.stable), weight: 100 },
              { ...to(port, subsets.canary), weight: 0 },
            ]
          : [to(port)],
    });
  const routes = new ApiObject(scope, 'routes', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `${endpoint.name}-routes` },
    spec: {
      http: [
        { name: routeNames.grpc, match: isGrpc, route: route(ports.grpc) },
        { name: routeNames.rest, route: route(ports.http) },
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
