import type { ChartObject, ManifestRecord } from '@manara/constructs';
import type { ApiObject } from 'cdk8s';

/** Kinds that set the replicas of the object which `spec.scaleTargetRef` names. */
const autoscalers = new Set(['HorizontalPodAutoscaler', 'ScaledObject']);

/**
 * Fields that a controller changes in the cluster, for each object that has one: an update must leave
 * them alone. Today the replicas of whatever an autoscaler of the same tree scales.
 */
export function controllerOwned(
  objects: readonly ChartObject[],
): ReadonlyMap<ApiObject, readonly string[]> {
  const scaled = new Set(objects.flatMap(scaleTarget));
  return new Map(
    objects
      .filter(({ object, manifest }) => scaled.has(identity(manifest, object.kind, object.name)))
      .map(({ object }) => [object, ['spec.replicas']]),
  );
}

function scaleTarget({ object, manifest }: ChartObject): readonly string[] {
  if (!autoscalers.has(object.kind)) return [];
  const spec = manifest.spec as { readonly scaleTargetRef?: ScaleTarget } | undefined;
  const target = spec?.scaleTargetRef;
  // KEDA's default is a Deployment.
  return target === undefined ? [] : [identity(manifest, target.kind ?? 'Deployment', target.name)];
}

interface ScaleTarget {
  readonly kind?: string;
  readonly name: string;
}

function identity(manifest: ManifestRecord, kind: string, name: string): string {
  const { namespace = '' } = (manifest.metadata ?? {}) as { readonly namespace?: string };
  return `${namespace}/${kind}/${name}`;
}
