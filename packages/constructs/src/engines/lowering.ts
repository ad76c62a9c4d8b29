import type { ScalingDemand, ScalingPlan } from '@manara/planner';
import type { Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Caller } from '../caller';
import type { NodePool } from '../capacity/node-pool';
import type { DossierPart } from '../dossier/dossier-part';
import type { EndpointRoutes } from '../mesh/endpoint-routes';
import type { ModelFormat } from '../model-artifact';
import type { ModelVersion } from '../model-version';
import type { Objective } from '../objective';
import type { Labels, Peer } from '../peer';
import type { WayOut } from '../pods/network-rules';
import type { ServerProps } from '../server/server-props';
import type { Autoscaling } from '../scaling/autoscaling';
import type { IdleImage } from '../scaling/scaled-workload';
import type { Site } from '../site';
import type { Traffic } from '../traffic';
import type { VersionRoutes } from '../version-routes';

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
  readonly autoscaling: Autoscaling;
  readonly callers: readonly Peer[];
  /** What each of the callers may do; a mesh, or another that knows callers, holds them to it. */
  readonly access: readonly Caller[];
  /** How its versions share requests that name none. */
  readonly routes: VersionRoutes | undefined;
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
  /**
   * Pool that its pods run on.
   * @default - any node that takes them
   */
  readonly nodes?: NodePool | undefined;
}

/** What an engine made of a workload: the objects that a rollout, a mesh or an autoscaler acts on. */
export interface LoweredWorkload extends Workload {
  /** What runs the pods, a Deployment for example. */
  readonly controller: ApiObject;
  /** The one address of the workload's pods. */
  readonly service: ApiObject;
  /** What owns the controller's number of replicas: what it scales is its `spec.scaleTargetRef`. */
  readonly autoscaler: ApiObject;
  /** How its replicas were planned, and from what. */
  readonly plan: ScalingPlan;
  readonly demand: ScalingDemand;
  /** Seconds without requests after which it has no replicas; `undefined` where it always has some. */
  readonly idleAfterSeconds: number | undefined;
  /** Its pods' image, and a command with which that does nothing. */
  readonly idle: IdleImage;
  /** Labels that select the pods, and no others of the site. */
  readonly podLabels: Labels;
  /** Digest that the pods' image is pinned to, where it is. */
  readonly imageDigest: string | undefined;
  /** Everything that the pods connect to. */
  readonly waysOut: readonly WayOut[];
  readonly metrics: ServerMetrics;
  readonly capacity: Capacity;
}

/** Where the pods show their metrics. */
export interface ServerMetrics {
  /** Name of the container's port. */
  readonly port: string;
  /** Whether they are those of the bundled server, which rules and dashboards read. */
  readonly areBundled: boolean;
}

/** An endpoint on one of its sites, as its engine and the site's mesh made it. */
export interface PlacedWorkload extends LoweredWorkload {
  /** What holds its objects, in the chart of its site. */
  readonly scope: Construct;
  /** Where the site's mesh leads its requests; `undefined` where there is none. */
  readonly routes: EndpointRoutes | undefined;
}

/** How much a workload carries, and how fast it grows. */
export interface Capacity {
  /** Replicas without any traffic. */
  readonly idleReplicas: number;
  /** Replicas that the endpoint's peak takes. */
  readonly peakReplicas: number;
  /** Replicas that the autoscaler makes at most. */
  readonly maxReplicas: number;
  /** Requests that one replica may have under way and still answer within the objective. */
  readonly inFlightPerReplica: number;
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
  /**
   * What only the engine knows of an endpoint, on all its sites.
   * @default - what holds for every engine is all that there is to say
   */
  readonly describe?: (workloads: readonly LoweredWorkload[]) => DossierPart;
}
