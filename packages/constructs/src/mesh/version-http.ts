import { headers } from '@manara/contract';
import type { EndpointSpec } from '../engines/lowering';
import { sharesOf } from '../version-routes';

/** Where a route leads, in Istio's terms. */
export interface RouteDestination {
  readonly destination: { readonly host: string; readonly port?: { readonly number: number } };
}

/** A share of a route's requests, with what their headers get. */
export interface WeightedDestination extends RouteDestination {
  readonly weight?: number;
  readonly headers?: ReturnType<typeof naming>;
}

/** Requests by their headers, and where they go. */
export interface HeaderHttpRoute {
  readonly name: string;
  readonly match: { readonly headers: Readonly<Record<string, { readonly exact: string }>> }[];
  readonly headers?: ReturnType<typeof naming>;
  readonly route: RouteDestination[];
}

/**
 * Says which version is to answer in a header that the server reads: one that works for REST and gRPC alike,
 * as the version of gRPC stands in the message. Every pod has every version.
 */
const naming = (version: number) => ({ request: { set: { [headers.version]: String(version) } } });

/** Routes before the primary one: of requests that name their version, or carry a header that decides. */
export function headerRoutes(
  { routes, versions }: EndpointSpec,
  to: RouteDestination,
): readonly HeaderHttpRoute[] {
  if (routes === undefined) return [];
  return [
    {
      name: 'named',
      match: versions.map(({ number }) => ({
        headers: { [headers.version]: { exact: String(number) } },
      })),
      route: [to],
    },
    ...(routes.headers ?? []).map(({ header, equals, version }, i) => ({
      name: `header-${i + 1}`,
      match: [{ headers: { [header]: { exact: equals } } }],
      headers: naming(version),
      route: [to],
    })),
  ];
}

/** The endpoint's pods, once for each version that has a share of the other requests. */
export function weightedRoute(
  { routes, defaultVersion }: EndpointSpec,
  to: RouteDestination,
): readonly WeightedDestination[] {
  if (routes?.weights === undefined) return [to];
  return sharesOf(routes, defaultVersion).map(({ version, percent }) => ({
    ...to,
    weight: percent,
    headers: naming(version),
  }));
}
