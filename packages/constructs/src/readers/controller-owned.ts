import type { ApiObject } from 'cdk8s';
import { listAt, type ManifestRecord, recordAt, textAt } from '../manifest';
import type { ChartObject } from './chart-objects';

/** Kinds that set the replicas of the object which `spec.scaleTargetRef` names. */
const autoscalers: readonly string[] = ['HorizontalPodAutoscaler', 'ScaledObject'];

/** A field of an object that a controller writes. */
interface Owned {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
}

/**
 * Fields that a controller changes in the cluster, for each object that has one: whoever applies the object
 * again must leave them alone. They are the replicas of what an autoscaler of the same tree scales, and what
 * Argo Rollouts writes while it rolls out: weights of routes, hashes of subsets and of Services, and the
 * replicas of a Deployment whose pods it took over.
 */
export function controllerOwned(
  objects: readonly ChartObject[],
): ReadonlyMap<ApiObject, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const { object, manifest } of objects) {
    for (const { kind, name, field } of ownedBy(object.kind, manifest)) {
      const at = identity(manifest, kind, name);
      const known = fields.get(at) ?? [];
      if (!known.includes(field)) fields.set(at, [...known, field]);
    }
  }
  return new Map(
    objects.flatMap(({ object, manifest }) => {
      const found = fields.get(identity(manifest, object.kind, object.name));
      return found === undefined ? [] : [[object, found] as const];
    }),
  );
}

function ownedBy(kind: string, manifest: ManifestRecord): readonly Owned[] {
  const spec = recordAt(manifest, 'spec');
  if (kind === 'Rollout') return ownedByRollout(spec);
  if (!autoscalers.includes(kind)) return [];
  const target = recordAt(spec, 'scaleTargetRef');
  const name = textAt(target, 'name');
  // KEDA's default is a Deployment.
  const scaled = textAt(target, 'kind') ?? 'Deployment';
  return name === undefined ? [] : [{ kind: scaled, name, field: 'spec.replicas' }];
}

/** Source: argo-rollouts v1.10.1, rollout/trafficrouting/istio, rollout/service.go, rollout/scale_utils.go. */
function ownedByRollout(spec: ManifestRecord | undefined): readonly Owned[] {
  const workload = recordAt(spec, 'workloadRef');
  const strategy = recordAt(spec, 'strategy');
  const canary = recordAt(strategy, 'canary');
  const blueGreen = recordAt(strategy, 'blueGreen');
  const istio = recordAt(recordAt(canary, 'trafficRouting'), 'istio');
  const routes = [recordAt(istio, 'virtualService'), ...listAt(istio, 'virtualServices')];
  const services = [
    textAt(canary, 'stableService'),
    textAt(canary, 'canaryService'),
    textAt(blueGreen, 'activeService'),
    textAt(blueGreen, 'previewService'),
  ];
  const rule = textAt(recordAt(istio, 'destinationRule'), 'name');
  const neverScaled = (textAt(workload, 'scaleDown') ?? 'never') === 'never';
  return [
    ...owned(
      textAt(workload, 'kind'),
      [neverScaled ? undefined : textAt(workload, 'name')],
      'spec.replicas',
    ),
    // A list in a custom resource is one field: routes cannot be owned without their weights.
    ...owned(
      'VirtualService',
      routes.map((one) => textAt(one, 'name')),
      'spec.http',
    ),
    ...owned('DestinationRule', [rule], 'spec.subsets'),
    ...owned('Service', services, 'spec.selector'),
  ];
}

function owned(
  kind: string | undefined,
  names: readonly (string | undefined)[],
  field: string,
): readonly Owned[] {
  return names.flatMap((name) =>
    kind === undefined || name === undefined ? [] : [{ kind, name, field }],
  );
}

function identity(manifest: ManifestRecord, kind: string, name: string): string {
  return `${textAt(recordAt(manifest, 'metadata'), 'namespace') ?? ''}/${kind}/${name}`;
}
