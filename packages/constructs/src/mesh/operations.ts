import {
  explanationMethodVerbs,
  explanationService,
  grpcMethods,
  grpcService,
  metricsRoute,
  ports,
  type Route,
  routes,
  type Verb,
} from '@manara/contract';
import { type Caller, defaultVerbs } from '../caller';

/** Requests that an AuthorizationPolicy lets through. */
export interface Operation {
  readonly ports: readonly string[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

/** What an endpoint serves. */
export interface Served {
  readonly name: string;
  readonly versions: readonly number[];
}

/** The requests that a caller may send to an endpoint, over REST and gRPC. */
export function operationsOf(
  { verbs = defaultVerbs, versions }: Caller,
  served: Served,
): readonly Operation[] {
  const allowed: ReadonlySet<Verb> = new Set<Verb>(['health', 'own', ...verbs]);
  const rest = Object.values<Route>(routes).filter(({ verb }) => allowed.has(verb));
  const named = { ...served, versions: versions ?? served.versions };
  const isHeld = versions !== undefined;
  return [
    ...(['GET', 'POST', 'DELETE'] as const).flatMap((method) => {
      const paths = rest
        .filter((route) => route.method === method && !(isHeld && leavesVersionOpen(route)))
        .flatMap((route) => pathsOf(route, named));
      const distinct = [...new Set(paths)];
      return paths.length === 0 ? [] : [operation(ports.http, methodsFor(method), distinct)];
    }),
    ...grpcOperations(allowed, isHeld),
  ];
}

/** What a scraper may ask. */
export const scraping: Operation = operation(ports.metrics, methodsFor(metricsRoute.method), [
  metricsRoute.pattern,
]);

function operation(port: number, methods: readonly string[], paths: readonly string[]): Operation {
  return { ports: [String(port)], methods, paths };
}

/** The server answers HEAD wherever it answers GET. */
function methodsFor(method: Route['method']): readonly string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** Whose answer may be of any version; jobs, too, keep answers of all. */
function leavesVersionOpen({ verb, pattern }: Route): boolean {
  return verb !== 'health' && !pattern.includes(':version');
}

/** Every path of a route: a job is any. Names of endpoints and numbers stand in paths as they are. */
function pathsOf({ pattern }: Route, { name, versions }: Served): readonly string[] {
  const ofModel = pattern.replace(':model', name).replace(/:job\b.*/, '*');
  if (!pattern.includes(':version')) return [ofModel];
  return versions.map((version) => ofModel.replace(':version', String(version)));
}

/** The version stands in the message, which nobody on the way reads. */
function grpcOperations(allowed: ReadonlySet<Verb>, isHeld: boolean): readonly Operation[] {
  const services = [
    [grpcService, grpcMethods],
    [explanationService, explanationMethodVerbs],
  ] as const;
  const paths = services.flatMap(([service, methods]) =>
    Object.entries<Verb>(methods)
      .filter(([, verb]) => allowed.has(verb) && !(isHeld && verb !== 'health'))
      .map(([method]) => `/${service}/${method}`),
  );
  return [operation(ports.grpc, ['POST'], [...paths, ...healthMethods])];
}

/** gRPC's own health checking protocol, which the server answers everybody. */
const healthMethods = ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'];
