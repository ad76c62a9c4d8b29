import { type ApiObject, JsonPatch } from 'cdk8s';

/** What an autoscaler scales; the same in an HPA and in a ScaledObject. */
export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

export function scaleTarget({ apiVersion, kind, name }: ApiObject): ScaleTarget {
  return { apiVersion, kind, name };
}

/**
 * Has an autoscaler scale something else: a rollout that took over the pods. Two that own one number of
 * replicas would undo each other's.
 */
export function retarget(autoscaler: ApiObject, target: ApiObject): void {
  autoscaler.addJsonPatch(JsonPatch.replace('/spec/scaleTargetRef', scaleTarget(target)));
}
