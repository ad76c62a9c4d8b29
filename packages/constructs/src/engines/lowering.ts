import type { Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ModelFormat } from '../model-artifact';
import type { ModelVersion } from '../model-version';
import type { Objective, Traffic } from '../objective';
import type { Labels, Peer } from '../peer';
import type { ServerProps } from '../server/server-props';
import type { Site } from '../site';

/** What an engine reads of an endpoint. */
export interface EndpointSpec {
  /** Construct path, for messages. */
  readonly path: string;
  /** Name of the model in the protocol's paths, and of the endpoint's objects. */
  readonly name: string;
  /** Ascending by number. */
  readonly versions: readonly ModelVersion<Place>[];
  readonly defaultVersion: number;
  /** Every version that its pods hold: those of its own name, and those that the engine serves beside them. */
  readonly weights: readonly ModelVersion<Place>[];
  readonly objective: Objective;
  readonly traffic: Traffic;
  readonly callers: readonly Peer[];
  /** What its server does besides answering requests. */
  readonly server: ServerProps<Place> | undefined;
}

/** A primary carries the traffic; a standby is kept warm at one replica until it must. */
export type SiteRole = 'primary' | 'standby';

/** An endpoint on one of its sites. */
export interface Workload {
  readonly endpoint: EndpointSpec;
  readonly site: Site;
  readonly role: SiteRole;
}

/** What an engine made of a workload: the objects that a rollout, a mesh or an autoscaler acts on. */
export interface LoweredWorkload extends Workload {
  /** What runs the pods, a Deployment for example. */
  readonly controller: ApiObject;
  /** The one address of the workload's pods. */
  readonly service: ApiObject;
  /** What owns the controller's number of replicas. */
  readonly autoscaler: ApiObject;
  /** Labels that select the pods, and no others of the site. */
  readonly podLabels: Labels;
  /** Digest that the pods' image is pinned to, where it is. */
  readonly imageDigest: string | undefined;
  readonly capacity: Capacity;
}

/** How much a workload carries, and how fast it grows. */
export interface Capacity {
  /** Replicas without any traffic. */
  readonly idleReplicas: number;
  /** Replicas that the endpoint's peak takes. */
  readonly peakReplicas: number;
  /** Seconds until a new replica answers, once a node has its image; generous. */
  readonly startupSeconds: number;
  /** Replicas that the autoscaler asks for at most for each one that is ready, however much it is asked. */
  readonly growthFactor: number;
}

/** How an engine turns a workload into Kubernetes objects, below `scope`. */
export interface EngineLowering<P extends Place = Place> {
  readonly kind: string;
  /** What it can serve. */
  readonly formats: readonly ModelFormat[];
  /**
   * Versions of other models that the engine serves in the same pods.
   * @default - none
   */
  readonly beside?: readonly ModelVersion<P>[];
  lower(scope: Construct, workload: Workload): LoweredWorkload;
}
