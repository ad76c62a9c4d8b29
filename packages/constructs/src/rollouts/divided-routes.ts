import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PlacedWorkload } from '../engines/lowering';
import { subsets } from '../mesh/endpoint-destination';
import { type EndpointRoutes, primaryRoutes } from '../mesh/endpoint-routes';

/** `trafficRouting.istio` of a Rollout's canary. */
interface Istio {
  readonly virtualService: { readonly name: string; readonly routes: string[] };
  readonly destinationRule: {
    readonly name: string;
    readonly stableSubsetName: string;
    readonly canarySubsetName: string;
  };
}

/** Label of the objects that Argo Rollouts changes once they are there: their content is never applied again. */
export const changedBy = { label: 'manara.dev/changed-by', value: 'argo-rollouts' } as const;

/** Where Argo Rollouts weighs requests, and what has to be there before. */
export interface DividedRoutes {
  readonly istio: Istio;
  readonly dependsOn: readonly ApiObject[];
}

/**
 * Divides an endpoint's requests between its subsets. These have a DestinationRule of their own, which Istio
 * merges with the endpoint's: Argo Rollouts writes the hashes of pods into it, and a list in it has one
 * owner. What the mesh says of connections stays in an object that may be applied at any time.
 */
export function divideRoutes(
  scope: Construct,
  { endpoint, podLabels }: PlacedWorkload,
  endpointRoutes: EndpointRoutes,
): DividedRoutes {
  endpointRoutes.divide();
  const { routes, destination } = endpointRoutes;
  const { host } = (destination.toJson() as { readonly spec: { readonly host: string } }).spec;
  destination.addJsonPatch(JsonPatch.remove('/spec/subsets'));
  routes.metadata.addLabel(changedBy.label, changedBy.value);
  const rule = new ApiObject(scope, 'subsets', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {
      name: `${endpoint.name}-subsets`,
      labels: { [changedBy.label]: changedBy.value },
    },
    spec: {
      host,
      subsets: Object.values(subsets).map((name) => ({ name, labels: { ...podLabels } })),
    },
  });
  // A route to a subset that is not there yet answers 503.
  routes.addDependency(rule);
  return {
    istio: {
      // Copied requests go where the first one leads: that of REST.
      virtualService: { name: routes.name, routes: primaryRoutes.toReversed() },
      destinationRule: {
        name: rule.name,
        stableSubsetName: subsets.stable,
        canarySubsetName: subsets.canary,
      },
    },
    dependsOn: [routes, rule],
  };
}
