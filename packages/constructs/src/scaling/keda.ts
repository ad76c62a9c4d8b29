import type {
  IScaledObject,
  ITriggerAuthentication,
} from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { behavior } from './behavior';
import { jobsAuthenticationName, jobsSecrets } from './keda-jobs';
import { triggersOf } from './keda-triggers';
import { wakeSeconds } from './plan-workload';
import { replicaFloor } from './replica-floor';
import type { PlannedScaling, ScaledWorkload } from './scaled-workload';
import type { ScalingMetric } from './scaling-metric';
import { scaleTarget } from './scale-target';

const apiVersion = 'keda.sh/v1alpha1';

/** Looks without an answer, one each quarter of a minute, after which the fallback holds. */
const failureThreshold = 4;

/** KEDA's ScaledObject, by a workload's plan; KEDA makes the HorizontalPodAutoscaler from it. */
export function addScaledObject(
  scope: Construct,
  scaled: ScaledWorkload,
  planned: PlannedScaling,
  on: readonly ScalingMetric[],
): ApiObject {
  const { workload, labels } = scaled;
  addAuthentication(scope, scaled, on);
  return new ApiObject(scope, 'autoscaler', {
    apiVersion,
    kind: 'ScaledObject',
    metadata: { name: workload.endpoint.name, labels: { ...labels } },
    spec: specOf(scaled, planned, on),
  });
}

function specOf(
  scaled: ScaledWorkload,
  planned: PlannedScaling,
  on: readonly ScalingMetric[],
): IScaledObject['spec'] {
  const { plan, idleAfterSeconds } = planned;
  const triggers = [...triggersOf(scaled, planned, on)];
  const isScheduled = triggers.some(({ type }) => type === 'cron');
  const floor = replicaFloor(scaled.workload, plan);
  return {
    scaleTargetRef: scaleTarget(scaled.controller),
    // With a schedule the least is that of the quiet hours, and the schedule brings the rest.
    minReplicaCount: isScheduled ? Math.min(floor, plan.quietReplicas) : floor,
    maxReplicaCount: plan.maxReplicas,
    ...(idleAfterSeconds === undefined
      ? {}
      : { idleReplicaCount: 0, cooldownPeriod: idleAfterSeconds, pollingInterval: wakeSeconds }),
    advanced: { horizontalPodAutoscalerConfig: { behavior: behavior(plan) } },
    // What cannot be measured takes no replicas away, and brings those of the peak.
    ...(triggers.some(({ type }) => type === 'prometheus' || type === 'redis-streams')
      ? {
          fallback: {
            failureThreshold,
            replicas: plan.peakReplicas,
            behavior: 'currentReplicasIfHigher',
          },
        }
      : {}),
    triggers,
  };
}

function addAuthentication(
  scope: Construct,
  { workload, labels }: ScaledWorkload,
  on: readonly ScalingMetric[],
): void {
  if (!on.some(({ identity }) => identity.kind === 'jobs')) return;
  const secretTargetRef = [...jobsSecrets(workload)];
  if (secretTargetRef.length === 0) return;
  const spec: ITriggerAuthentication['spec'] = { secretTargetRef };
  new ApiObject(scope, 'jobs-authentication', {
    apiVersion,
    kind: 'TriggerAuthentication',
    metadata: { name: jobsAuthenticationName(workload), labels: { ...labels } },
    spec,
  });
}
