import {
  coldStartSeconds,
  PlanError,
  planIdle,
  planScaling,
  type ScalingDemand,
} from '@manara/planner';
import { ConstructError } from '../construct-error';
import type { EndpointSpec } from '../engines/lowering';
import { metricName } from './scaling-metric';
import type { PlannedScaling, ScaledWorkload } from './scaled-workload';

/** How often KEDA asks whether an endpoint without replicas is wanted; written out, so that it stays. */
export const wakeSeconds = 15;

type Planned = Pick<ScaledWorkload, 'workload' | 'replica' | 'coldStart'>;

/**
 * Plans a workload's replicas from its endpoint's objective and traffic.
 *
 * @throws ConstructError MANARA_OBJECTIVE for what no replicas meet, with the nearest; MANARA_SCALING for
 * a scale to zero that contradicts the traffic, or that nothing would end
 */
export function planWorkload({ workload, replica, coldStart }: Planned): PlannedScaling {
  const { endpoint } = workload;
  const demand = demandOf(endpoint, { replica, coldStart });
  const plan = orRefuse(endpoint.path, 'objective, traffic', () => planScaling(demand));
  // A standby must not be found asleep.
  if (!endpoint.autoscaling.scaleToZero || workload.role === 'standby') {
    return { demand, plan, idleAfterSeconds: undefined };
  }
  checkWake(endpoint);
  if (endpoint.traffic.busyHours !== undefined) {
    const why = 'No replicas outside of busy hours: nobody asks then.';
    return {
      demand,
      plan: { ...plan, why: [...plan.why, why] },
      idleAfterSeconds: shortIdleSeconds,
    };
  }
  const { availabilityPercent } = demand;
  const unanswered = wakeSeconds + coldStartSeconds(coldStart);
  const idle = orRefuse(endpoint.path, 'autoscaling.scaleToZero', () =>
    planIdle({ availabilityPercent, coldStartSeconds: unanswered }),
  );
  return {
    demand,
    plan: { ...plan, why: [...plan.why, idle.why] },
    idleAfterSeconds: idle.cooldownSeconds,
  };
}

/** Whoever is still at it after hours has this long. */
const shortIdleSeconds = 300;

function demandOf(
  { objective, traffic, autoscaling }: EndpointSpec,
  { replica, coldStart }: Pick<ScalingDemand, 'replica' | 'coldStart'>,
): ScalingDemand {
  const { peakRequestsPerSecond, quietRequestsPerSecond, surge, busyHours } = traffic;
  return {
    p99LatencyMillis: objective.p99Latency.toMilliseconds(),
    availabilityPercent: objective.availabilityPercent,
    traffic: {
      peakRequestsPerSecond,
      ...(quietRequestsPerSecond === undefined ? {} : { quietRequestsPerSecond }),
      ...(surge && {
        surge: { factor: surge.factor, withinSeconds: surge.within.toMilliseconds() / 1000 },
      }),
      hasBusyHours: busyHours !== undefined,
    },
    replica,
    coldStart,
    ...(autoscaling.mostReplicas === undefined ? {} : { mostReplicas: autoscaling.mostReplicas }),
  };
}

/** Something must tell that there is somebody to wake for; pods that are not there count nothing. */
function checkWake({ path, traffic, autoscaling }: EndpointSpec): void {
  const refuse = (expected: string, received: string): never => {
    throw new ConstructError(
      'MANARA_SCALING',
      path,
      `autoscaling.scaleToZero: expected ${expected}; received ${received}`,
    );
  };
  const { quietRequestsPerSecond: quiet, busyHours } = traffic;
  if (quiet !== 0) {
    refuse(
      'traffic.quietRequestsPerSecond 0 beside it',
      quiet === undefined ? 'none' : String(quiet),
    );
  }
  const on = autoscaling.on ?? [];
  const wakes = on.some(
    ({ identity }) =>
      identity.kind === 'jobs' || (identity.kind === 'requestRate' && identity.query !== undefined),
  );
  if (wakes || busyHours !== undefined) return;
  refuse(
    'what tells that somebody asks while there are no pods: ScalingMetric.requestRate(query), ScalingMetric.jobs() or traffic.busyHours',
    on.map(metricName).join(', ') || 'none',
  );
}

function orRefuse<T>(at: string, prop: string, plan: () => T): T {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new ConstructError('MANARA_OBJECTIVE', at, `${prop}: ${error.message}`);
  }
}
