import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import { grpcService, path, routes as serverRoutes } from '@manara/contract';
import type { Circuit } from '@manara/planner';
import { type ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import type { EndpointSpec, LoweredWorkload } from '../engines/lowering';
import { type EndpointDestination, subsets } from './endpoint-destination';
import { addIstioObject } from './istio-object';
import { headerRoutes, weightedRoute } from './version-http';

type Spec = NonNullable<IVirtualService['spec']>;
type HttpRoute = NonNullable<Spec['http']>[number];

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
  /**
   * Divides the route `primary` between the subsets `stable` (100) and `canary` (0), once.
   *
   * @throws ConstructError MANARA_MESH where the endpoint's own weights divide it already, and where others
   * stand in for its pods
   */
  readonly divide: () => void;
}

export interface EndpointRoutesProps {
  readonly circuit: Circuit;
  readonly destination: EndpointDestination;
  /**
   * Host that stands for the pods and their reserve.
   * @default - there is none
   */
  readonly reserveHost?: string;
}

/** The routes of a workload through Istio. */
export function addEndpointRoutes(
  scope: Construct,
  { endpoint }: LoweredWorkload,
  { circuit, destination, reserveHost }: EndpointRoutesProps,
): EndpointRoutes {
  const { host } = destination;
  const to = { destination: { host: reserveHost ?? host } };
  let divided = false;
  const primary = (): HttpRoute['route'] =>
    divided
      ? [
          { destination: { host, subset: subsets.stable }, weight: 100 },
          { destination: { host, subset: subsets.canary }, weight: 0 },
        ]
      : [...weightedRoute(endpoint, to)];
  const routes = addIstioObject(scope, 'routes', {
    kind: 'VirtualService',
    name: `${endpoint.name}-routes`,
    spec: {
      http: [
        ...headerRoutes(endpoint, to),
        { name: primaryRoute, route: Lazy.any({ produce: primary }) as unknown },
      ],
    },
  });
  const spec: Spec = { hosts: [host], http: [...meshRoutes(endpoint, routes.name, circuit)] };
  addIstioObject(scope, 'mesh-routes', { kind: 'VirtualService', name: endpoint.name, spec });
  return {
    routes,
    destination: destination.object,
    divide: () => {
      refuseDivided(endpoint, reserveHost !== undefined);
      divided = true;
      destination.divide();
    },
  };
}

/** Only what never reached a server is sent again, so that nothing is done twice. */
const retries: NonNullable<HttpRoute['retries']> = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,reset-before-request',
};

/** Requests that the objective is about have a time-out; streams, explanations and loading take their time. */
function meshRoutes(
  endpoint: EndpointSpec,
  delegate: string,
  { timeoutMillis }: Circuit,
): readonly HttpRoute[] {
  return [
    {
      name: 'infer',
      match: inferPaths(endpoint).map((exact) => ({ uri: { exact } })),
      timeout: `${timeoutMillis}ms`,
      retries,
      delegate: { name: delegate },
    },
    { name: 'other', retries, delegate: { name: delegate } },
  ];
}

function inferPaths({ name: model, versions }: EndpointSpec): readonly string[] {
  return [
    path(serverRoutes.modelInfer, { model }),
    ...versions.map(({ number: version }) =>
      path(serverRoutes.modelVersionInfer, { model, version }),
    ),
    `/${grpcService}/ModelInfer`,
  ];
}

/** Subsets hold pods of this site and endpoint alone, and one owner has the weights. */
function refuseDivided({ path: at, routes }: EndpointSpec, hasReserve: boolean): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_MESH', at, message);
  };
  if (routes?.weights !== undefined) {
    refuse(
      'routes.weights: a rollout divides the requests of this endpoint; expected none, received weights; fix: leave them to the rollout',
    );
  }
  if (hasReserve) {
    refuse(
      "fallback, failover: a rollout leads requests to pods of its own only, and not to those that stand in for them; expected no fallback, and failover: none('a rollout divides it')",
    );
  }
}
