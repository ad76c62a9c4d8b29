import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Route, type RouteName, routes } from '@manara/contract';
import createRouter, { type HTTPMethod, type Instance, type HTTPVersion } from 'find-my-way';
import type { CallTerms } from '../call';
import { errors } from '../errors';
import type { Hold } from '../limits/byte-budget';

/** What a route's pattern took from the path, percent-decoded. */
export interface RouteParameters {
  readonly model?: string;
  readonly version?: string;
  readonly job?: string;
}

/** A request, and the response that is to answer it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: RouteParameters;
  readonly terms: CallTerms;
  /** What the request's body and its answer are counted against. */
  readonly held: Hold;
}

export type RouteHandler = (exchange: Exchange) => Promise<void> | void;

interface Found {
  readonly name: RouteName;
  readonly route: Route;
  readonly handler: RouteHandler;
  readonly parameters: RouteParameters;
}

/** Longest path segment that is looked at; model names are shorter, even percent-encoded. */
const maxParamLength = 512;

const methods = [...new Set(Object.values(routes).map(({ method }) => method))];

/** Finds the handler of a request; every route of the contract has one. */
export class Router {
  private readonly table: Instance<HTTPVersion.V1>;

  constructor(handlers: Readonly<Record<RouteName, RouteHandler>>) {
    this.table = createRouter({ ignoreTrailingSlash: true, maxParamLength });
    for (const [name, route] of Object.entries<Route>(routes)) {
      const found = { name, route, handler: handlers[name as RouteName] };
      this.table.on(route.method, route.pattern, noHandler, found);
    }
  }

  /** @throws ServingError ROUTE_UNKNOWN; METHOD_NOT_ALLOWED after `allow` was told what is. */
  find(method: string, url: string, allow: (methods: string) => void): Found {
    const [path = ''] = url.split('?', 1);
    // Whoever may GET may ask for the head alone (RFC 9110, 9.1), from which node:http cuts the body.
    const asked = method === 'HEAD' ? 'GET' : method;
    const found = this.table.find(asked as HTTPMethod, path);
    if (found !== null) {
      return { ...(found.store as Omit<Found, 'parameters'>), parameters: found.params };
    }
    const allowed = methods
      .filter((other) => this.table.find(other, path) !== null)
      .flatMap((other) => (other === 'GET' ? ['GET', 'HEAD'] : [other]));
    if (allowed.length === 0) throw errors.routeUnknown(method, path);
    allow(allowed.join(', '));
    throw errors.methodNotAllowed(method, path, allowed.join(', '));
  }
}

/** The table keeps our handlers as its `store`, which leaves their types to us. */
function noHandler(): void {
  throw new Error('routes are looked up, not run, by find-my-way');
}
