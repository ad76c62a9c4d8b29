import { coldStartSeconds, type ScalingPlan } from '@manara/planner';
import { hasLate } from '../late/late';
import { unlessAbsent } from '../absent';
import { ConstructError } from '../construct-error';
import type { Workload } from '../engines/lowering';
import { schemeOf } from '../props/uri';
import { cronHours } from './cron-hours';
import { jobsTrigger } from './keda-jobs';
import { gpuQuery, inFlightQuery, requestRateQuery } from './metric-names';
import { replicaFloor } from './replica-floor';
import type { PlannedScaling, ScaledWorkload } from './scaled-workload';
import type { ScalingMetric } from './scaling-metric';

/** What KEDA asks for a number, in its own terms. */
export interface Trigger {
  readonly type: string;
  readonly metricType?: 'AverageValue' | 'Utilization' | 'Value';
  readonly metadata: Record<string, string>;
  readonly authenticationRef?: { readonly name: string };
}

/** A ScaledObject's triggers: one for each metric, and one for busy hours. */
export function triggersOf(
  scaled: ScaledWorkload,
  planned: PlannedScaling,
  on: readonly ScalingMetric[],
): readonly Trigger[] {
  const hours = scheduleTrigger(scaled.workload, planned);
  return [
    ...on.map((metric) => metricTrigger(scaled, planned.plan, metric)),
    ...(hours === undefined ? [] : [hours]),
  ];
}

function metricTrigger(
  { workload, replica, load }: ScaledWorkload,
  { target }: ScalingPlan,
  { identity }: ScalingMetric,
): Trigger {
  const { name } = workload.endpoint;
  const namespace = workload.site.namespaceName;
  const selector = `namespace="${namespace}",model="${name}"`;
  switch (identity.kind) {
    case 'cpu': {
      const value = String(target.cpuPercent ?? target.busyPercent);
      return { type: 'cpu', metricType: 'Utilization', metadata: { value } };
    }
    case 'inFlight':
      return prometheus(workload, load?.inFlight ?? inFlightQuery(selector), target.inFlight);
    case 'gpu':
      return prometheus(workload, gpuQuery(namespace, name), target.busyPercent);
    case 'requestRate': {
      const { query } = identity;
      const perSecond = Math.floor(target.requestsPerSecond * 1000) / 1000;
      if (query === undefined) {
        const counted = load?.requestRate ?? requestRateQuery(selector);
        return prometheus(workload, counted, perSecond);
      }
      // A gateway that was never asked has no series: that is no fault, and nobody to wake for.
      return prometheus(workload, query, perSecond, { ignoreNullValues: 'true' });
    }
    case 'jobs':
      return jobsTrigger(workload, replica.inferenceMillis);
  }
}

/**
 * Where nothing is measured, KEDA would read nothing as 0 and take the replicas away: it is an error
 * instead, for which there is the fallback.
 */
function prometheus(
  workload: Workload,
  query: string,
  threshold: number,
  { ignoreNullValues = 'false' } = {},
): Trigger {
  return {
    type: 'prometheus',
    metricType: 'AverageValue',
    metadata: {
      serverAddress: prometheusAddress(workload),
      query,
      threshold: String(threshold),
      ignoreNullValues,
    },
  };
}

/** Where the site's metrics are stored, they are asked for: a flow that is declared already. */
function prometheusAddress({ endpoint, site }: Workload): string {
  const uri = unlessAbsent(site.metrics)?.uri;
  const scheme = schemeOf(uri ?? '');
  if (uri !== undefined && (hasLate(uri) || scheme === 'https:' || scheme === 'http:')) {
    return uri.replace(/\/api\/v1\/write\/?$/, '');
  }
  throw new ConstructError(
    'MANARA_SCALING',
    endpoint.path,
    `autoscaling.on: expected metrics: new MetricSink({ uri: 'https://…' }) of site "${site.node.id}", the Prometheus that KEDA asks; received ${uri === undefined ? 'none' : `"${uri}"`}`,
  );
}

/** Replicas for a surge, from before the busy hours until their end. */
function scheduleTrigger(
  workload: Workload,
  { plan, idleAfterSeconds }: PlannedScaling,
): Trigger | undefined {
  const { endpoint, role } = workload;
  const { busyHours } = endpoint.traffic;
  const isSame = plan.quietReplicas >= plan.minReplicas && idleAfterSeconds === undefined;
  if (busyHours === undefined || role === 'standby' || isSame) return undefined;
  const hours = cronHours(busyHours, coldStartSeconds(plan.coldStart));
  if (hours === undefined) {
    throw new ConstructError(
      'MANARA_SCALING',
      endpoint.path,
      `traffic.busyHours: expected a rest between them that is longer than a cold start of ${Math.ceil(coldStartSeconds(plan.coldStart))} s; received ${busyHours.from} to ${busyHours.to}; leave them out`,
    );
  }
  const desiredReplicas = String(replicaFloor(workload, plan));
  return { type: 'cron', metadata: { timezone: busyHours.timeZone, ...hours, desiredReplicas } };
}
