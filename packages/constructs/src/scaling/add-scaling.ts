import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import { ConstructError } from '../construct-error';
import { podTemplates } from '../pods/pod-templates';
import { addDisruptionBudget } from './disruption-budget';
import { addHpa } from './hpa';
import { addImagePull } from './image-pull';
import { addScaledObject } from './keda';
import { planWorkload } from './plan-workload';
import type { PlannedScaling, ScaledWorkload } from './scaled-workload';
import { metricName, ScalingMetric } from './scaling-metric';

/** A workload that follows the load. */
export interface AddedScaling extends PlannedScaling {
  /** What owns the number of replicas: a HorizontalPodAutoscaler, or KEDA's ScaledObject. */
  readonly autoscaler: ApiObject;
}

/**
 * Has a workload's replicas follow its load, whatever engine runs it: plan, autoscaler, budget for
 * disruption, and a pull of the image ahead of the pods where that is most of a cold start.
 *
 * @throws ConstructError MANARA_OBJECTIVE for what no replicas meet, with the nearest; MANARA_SCALING for
 * what the autoscaler cannot follow
 */
export function addScaling(scope: Construct, scaled: ScaledWorkload): AddedScaling {
  const { autoscaling } = scaled.workload.endpoint;
  const on = metricsOf(scaled);
  const planned = planWorkload(scaled);
  const autoscaler =
    autoscaling.by === 'keda'
      ? addScaledObject(scope, scaled, planned, on)
      : ApiObject.of(addHpa(scope, scaled, planned, on));
  const { priorityClass } = autoscaling;
  if (priorityClass !== undefined) {
    for (const { spec } of podTemplates(scaled.controller)) {
      const patch = JsonPatch.add(`${spec}/priorityClassName`, priorityClass);
      scaled.controller.addJsonPatch(patch);
    }
  }
  addDisruptionBudget(scope, scaled);
  addImagePull(scope, scaled);
  return { ...planned, autoscaler };
}

/** @throws ConstructError MANARA_SCALING for a metric that says nothing of the engine */
function metricsOf({ workload, device }: ScaledWorkload): readonly ScalingMetric[] {
  const { endpoint } = workload;
  const { on = [follows[device ?? 'none']()] } = endpoint.autoscaling;
  const foreign = on.find(
    ({ identity: { kind } }) => (kind === 'cpu' || kind === 'gpu') && kind !== device,
  );
  if (foreign === undefined) return on;
  throw new ConstructError(
    'MANARA_SCALING',
    endpoint.path,
    `autoscaling.on: expected a metric of what the engine's inferences run on, which is ${runsOn[device ?? 'none']}; received ${metricName(foreign)}`,
  );
}

/** What is followed where nobody says. */
const follows = {
  cpu: () => ScalingMetric.cpu(),
  gpu: () => ScalingMetric.gpu(),
  none: () => ScalingMetric.inFlight(),
} as const;

const runsOn = {
  cpu: 'CPU',
  gpu: 'a GPU, and its CPU says little',
  none: 'a GPU that one request keeps busy already: ScalingMetric.inFlight() or .requestRate()',
} as const;
