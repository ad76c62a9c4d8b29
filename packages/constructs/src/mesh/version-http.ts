import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import { headers } from '@manara/contract';
import type { EndpointSpec } from '../engines/lowering';
import { sharesOf } from '../version-routes';

type HttpRoute = NonNullable<NonNullable<IVirtualService['spec']>['http']>[number];
type RouteDestination = NonNullable<HttpRoute['route']>[number];

/**
 * Says which version is to answer in a header that the server reads: one that works for REST and gRPC alike,
 * as the version of gRPC stands in the message. Every pod has every version.
 */
const naming = (version: number) => ({ request: { set: { [headers.version]: String(version) } } });

/** Routes before the primary one: of requests that name their version, or carry a header that decides. */
export function headerRoutes(
  { routes, versions }: EndpointSpec,
  to: RouteDestination,
): readonly HttpRoute[] {
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
): readonly RouteDestination[] {
  if (routes?.weights === undefined) return [to];
  return sharesOf(routes, defaultVersion).map(({ version, percent }) => ({
    ...to,
    weight: percent,
    headers: naming(version),
  }));
}
