import type { Place } from '@manara/residency';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DossierPart } from '../dossier/dossier-part';
import type { EndpointRoutes } from '../mesh/endpoint-routes';
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

/** An endpoint on one of its sites, as its engine and the site's mesh made it. */
export interface PlacedWorkload extends LoweredWorkload {
  /** Where the site's mesh leads its requests; `undefined` where there is none. */
  readonly routes: EndpointRoutes | undefined;
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
export interface EngineLowering {
  readonly kind: string;
  lower(scope: Construct, workload: Workload): LoweredWorkload;
  /**
   * What only the engine knows of an endpoint, on all its sites.
   * @default - what holds for every engine is all that there is to say
   */
  readonly describe?: (workloads: readonly LoweredWorkload[]) => DossierPart;
}
