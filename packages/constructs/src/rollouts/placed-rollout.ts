import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import type { DataFlow, Place } from '@manara/residency';
import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import type { PlacedWorkload } from '../engines/lowering';
import { dataFlows, type DeclaresFlows } from '../flows/data-flows';
import { encryptionTo } from '../props/uri';
import type { PrometheusProps } from './analysis/prometheus';

/** A strategy, and the objects that must be there before it. */
export interface StrategyPart {
  /** `spec.strategy` of the Rollout. */
  readonly strategy: object;
  readonly dependsOn: readonly ApiObject[];
}

export interface PlacedRolloutProps {
  /** Construct path of the rollout. */
  readonly owner: string;
  readonly workload: PlacedWorkload;
  readonly prometheus: PrometheusProps<Place>;
  readonly strategyIn: (scope: Construct) => StrategyPart;
}

/**
 * Two looks of the autoscaler. New pods count once they have been ready for that long, so that the first
 * Rollout of a Deployment takes its traffic only when the autoscaler has given it as many replicas.
 */
const minReadySeconds = 30;

/**
 * What proxies and nodes may take to hear that pods get no more requests. What those still answer ends with
 * them: a server that stops drains first.
 */
export const forgottenSeconds = 60;

/** The objects that roll an endpoint out on one site. */
export class PlacedRollout extends Construct implements DeclaresFlows {
  readonly #props: PlacedRolloutProps;

  constructor(scope: Construct, id: string, props: PlacedRolloutProps) {
    super(scope, id);
    this.#props = props;
    const { workload, strategyIn } = props;
    const { controller, autoscaler, capacity } = workload;
    const { strategy, dependsOn } = strategyIn(this);
    const spec: IRollout['spec'] = {
      // Replicas are the autoscaler's alone; the selector comes with the pods.
      workloadRef: {
        apiVersion: controller.apiVersion,
        kind: controller.kind,
        name: controller.name,
        // The Deployment keeps answering until the Rollout's pods do.
        scaleDown: 'onsuccess',
      },
      minReadySeconds,
      progressDeadlineSeconds: capacity.startupSeconds * 2 + 300 + minReadySeconds,
      progressDeadlineAbort: true,
      strategy,
    };
    const rollout = new ApiObject(this, 'rollout', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: workload.endpoint.name },
      spec,
    });
    rollout.addDependency(controller, ...dependsOn);
    const { apiVersion, kind, name } = rollout;
    autoscaler.addJsonPatch(JsonPatch.add('/spec/scaleTargetRef', { apiVersion, kind, name }));
    autoscaler.addDependency(rollout);
  }

  /** What the controller is answered are numbers of requests, without any of their content. */
  [dataFlows](): readonly DataFlow[] {
    const { owner, workload, prometheus } = this.#props;
    const { site } = workload;
    return [
      {
        status: 'declared',
        kind: 'metric',
        owner,
        dataClasses: [],
        from: {
          name: `Prometheus of ${site.node.id}`,
          place: prometheus.place,
          uri: prometheus.uri,
        },
        to: { name: `Argo Rollouts of ${site.node.id}`, place: site.place },
        encryption: encryptionTo(prometheus.uri),
      },
    ];
  }
}
