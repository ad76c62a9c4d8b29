import type { ColdStart, ReplicaShape, ScalingDemand, ScalingPlan } from '@manara/planner';
import type { ApiObject } from 'cdk8s';
import type { Workload } from '../engines/lowering';
import type { Labels } from '../peer';

/** What an engine says of a workload whose replicas are to follow the load. */
export interface ScaledWorkload {
  readonly workload: Workload;
  /** What one replica does. */
  readonly replica: ReplicaShape;
  /** Seconds until a new one answers: measured, or estimated. */
  readonly coldStart: ColdStart;
  /** What a replica's inferences use the more of the more there are; `undefined` where they use all of it anyway. */
  readonly device: 'cpu' | 'gpu' | undefined;
  /**
   * How its load is read of Prometheus.
   * @default - by Triton's metrics, which the bundled server has too
   */
  readonly load?: LoadQueries;
  /** What runs the pods. Its manifest names no number of replicas. */
  readonly controller: ApiObject;
  /** Labels of every object of the workload. */
  readonly labels: Labels;
  /** Labels that select its pods. */
  readonly selector: Labels;
  /** Image of the pods, and a command with which it does nothing: to have it on a node before them. */
  readonly idle: IdleImage;
}

/** How the load of a workload's pods is read. */
export interface LoadQueries {
  /**
   * Metric of pods in the metrics API: the requests in a pod's hands. Not that of other engines: an adapter
   * has one rule for a name.
   */
  readonly metric: string;
  /** PromQL of the requests in the hands of all pods, on average over a minute. */
  readonly inFlight: string;
  /** PromQL of the requests a second of all pods. */
  readonly requestRate: string;
}

/** An image, and a command with which it runs and does nothing. */
export interface IdleImage {
  readonly image: string;
  readonly command: readonly string[];
}

/** A workload's plan, and what it was made from. */
export interface PlannedScaling {
  readonly demand: ScalingDemand;
  readonly plan: ScalingPlan;
  /** Seconds without requests after which there are no replicas; `undefined` where there always are. */
  readonly idleAfterSeconds: number | undefined;
}
