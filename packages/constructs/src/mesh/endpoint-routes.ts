import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import { grpcService, path, ports, routes as serverRoutes } from '@manara/contract';
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

/** Names of the routes that lead where a request names no version, by protocol: those that rollouts weigh. */
export const primaryRoutes = [routeName('primary', 'grpc'), routeName('primary', 'rest')] as const;

/**
 * Where a mesh leads an endpoint's requests on a site. A VirtualService of the mesh and one of each
 * gateway delegate to `routes`, so that weights are said, and changed by a rollout, in one place.
 */
export interface EndpointRoutes {
  /**
   * The VirtualService that others delegate to, with the routes `primaryRoutes`: `<endpoint>-routes`, and
   * another, `<endpoint>-weights`, once they are divided, as a rollout changes that one and deploys must not.
   */
  readonly routes: ApiObject;
  /** Its name, which is known when the tree is whole. */
  readonly delegate: { readonly name: string };
  /** Says that an object delegates to it. */
  readonly leadFrom: (object: ApiObject) => void;
  /** The DestinationRule of the endpoint's Service. */
  readonly destination: ApiObject;
  /**
   * Divides each of the routes `primaryRoutes` between the subsets `stable` (100) and `canary` (0), once.
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
  let divided = false;
  const primary = (port: number): HttpRoute['route'] =>
    divided
      ? [
          { destination: { host, ...at(port), subset: subsets.stable }, weight: 100 },
          { destination: { host, ...at(port), subset: subsets.canary }, weight: 0 },
        ]
      : [...weightedRoute(endpoint, { destination: { host: reserveHost ?? host, ...at(port) } })];
  const routesOf = (protocol: Protocol): readonly HttpRoute[] => {
    const port = portOf[protocol];
    const to = { destination: { host: reserveHost ?? host, ...at(port) } };
    const produce = () => primary(port);
    return [
      ...headerRoutes(endpoint, to),
      { name: 'primary', route: Lazy.any({ produce }) as unknown as HttpRoute['route'] },
    ].map((route) => ofProtocol(route, protocol));
  };
  const add = (id: string): ApiObject =>
    addIstioObject(scope, id, {
      kind: 'VirtualService',
      name: `${endpoint.name}-${id}`,
      spec: { http: [...routesOf('grpc'), ...routesOf('rest')] },
    });
  let routes = add('routes');
  const delegate = { name: Lazy.any({ produce: () => routes.name }) as unknown as string };
  const spec: Spec = {
    hosts: [host],
    http: [metricsRoute(host), ...meshRoutes(endpoint, delegate, circuit)],
  };
  const kind = 'VirtualService';
  const led = [addIstioObject(scope, 'mesh-routes', { kind, name: endpoint.name, spec })];
  return {
    get routes() {
      return routes;
    },
    delegate,
    leadFrom: (object) => {
      led.push(object);
      if (divided) object.addDependency(routes);
    },
    destination: destination.object,
    divide: () => {
      refuseDivided(endpoint, reserveHost !== undefined);
      divided = true;
      destination.divide();
      scope.node.tryRemoveChild(routes.node.id);
      routes = add('weights');
      // What leads to routes that are not there yet leads nowhere.
      for (const object of led) object.addDependency(routes);
    },
  };
}

/** No version answers for the metrics, and no protocol of models. */
function metricsRoute(host: string): HttpRoute {
  return {
    name: 'metrics',
    match: [{ port: ports.metrics }],
    route: [{ destination: { host, ...at(ports.metrics) } }],
  };
}

type Protocol = 'grpc' | 'rest';

const portOf = { grpc: ports.grpc, rest: ports.http } as const;

/** A gateway has one port for both protocols, and needs to be told the Service's. */
function at(number: number) {
  return { port: { number } };
}

function routeName(name: string, protocol: Protocol): string {
  return protocol === 'grpc' ? `${name}-grpc` : name;
}

/** gRPC is told apart by its content type, before all else. */
function ofProtocol(route: HttpRoute, protocol: Protocol): HttpRoute {
  if (protocol === 'rest') return route;
  const grpc = { 'content-type': { prefix: 'application/grpc' } };
  const match = (route.match ?? [{}]).map((one) => ({
    ...one,
    headers: { ...one.headers, ...grpc },
  }));
  return { ...route, name: routeName(route.name ?? '', protocol), match };
}

/** Only what never reached a server is sent again, so that nothing is done twice. */
const retries: NonNullable<HttpRoute['retries']> = {
  attempts: 2,
  retryOn: 'connect-failure,refused-stream,reset-before-request',
};

/** Requests that the objective is about have a time-out; streams, explanations and loading take their time. */
function meshRoutes(
  endpoint: EndpointSpec,
  delegate: EndpointRoutes['delegate'],
  { timeoutMillis }: Circuit,
): readonly HttpRoute[] {
  return [
    {
      name: 'infer',
      match: inferPaths(endpoint).map((exact) => ({ uri: { exact } })),
      timeout: `${timeoutMillis}ms`,
      retries,
      delegate,
    },
    { name: 'other', retries, delegate },
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
