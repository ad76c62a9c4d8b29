import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import type { Labels } from '../peer';
import type { Site } from '../site';
import type { EndpointRoutes } from './endpoint-routes';

export interface MeshPodMetadata {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Labels;
}

/** How a mesh turns sites and workloads into Kubernetes objects. */
export interface MeshLowering {
  /** Labels of a namespace whose pods are in the mesh. */
  readonly namespaceLabels: Labels;
  /** Labels of pods that are not, in such a namespace. */
  readonly outsideLabels: Labels;
  /** Adds to a site what holds for all of its pods. */
  readonly prepare: (site: Site) => void;
  /** What a site's pods that are in the mesh carry: an engine sets it. */
  readonly podMetadata: (site: Site) => MeshPodMetadata;
  /** Adds below `scope` what leads requests to a workload that an engine has made, and lets its pods out. */
  readonly route: (scope: Construct, workload: LoweredWorkload) => EndpointRoutes;
}
