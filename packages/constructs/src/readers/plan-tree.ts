import type { ScalingDemand, ScalingPlan } from '@manara/planner';
import type { IConstruct } from 'constructs';
import type { SiteRole } from '../engines/lowering';
import { ModelEndpoint } from '../model-endpoint';
import type { Autoscaler } from '../scaling/autoscaling';
import { metricName } from '../scaling/scaling-metric';

/** How one endpoint's replicas on one site are planned. */
export interface WorkloadPlan {
  /** Construct path of the endpoint. */
  readonly endpoint: string;
  /** Id of the site. */
  readonly site: string;
  readonly place: string;
  readonly role: SiteRole;
  readonly autoscaler: Autoscaler;
  /** What it follows, as a program names it; empty where it was not said, and computed. */
  readonly follows: readonly string[];
  /** Replicas without any traffic: one on a standby, none where the endpoint may sleep. */
  readonly idleReplicas: number;
  readonly idleAfterSeconds: number | undefined;
  readonly plan: ScalingPlan;
  readonly demand: ScalingDemand;
}

/** The plan of every endpoint of a tree on each of its sites, in the order of the tree. */
export function planTree(root: IConstruct): readonly WorkloadPlan[] {
  return root.node
    .findAll()
    .filter((c) => ModelEndpoint.isModelEndpoint(c))
    .flatMap((endpoint) =>
      endpoint.workloads.map(({ site, role, plan, demand, idleAfterSeconds, capacity }) => ({
        endpoint: endpoint.path,
        site: site.node.id,
        place: site.place,
        role,
        autoscaler: endpoint.autoscaling.by,
        follows: (endpoint.autoscaling.on ?? []).map(metricName),
        idleReplicas: idleAfterSeconds === undefined ? capacity.idleReplicas : 0,
        idleAfterSeconds,
        plan,
        demand,
      })),
    );
}
