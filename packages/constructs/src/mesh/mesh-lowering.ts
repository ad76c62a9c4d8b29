import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import type { Labels } from '../peer';
import type { Site } from '../site';
import type { EndpointRoutes } from './endpoint-routes';
import type { Reserve } from './reserve';

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
  /** Where other sites' requests come in; those of one trust domain know each other's certificates. */
  readonly eastWest: { readonly address: string; readonly trustDomain: string } | undefined;
  /**
   * Adds below `scope` what leads requests to a workload that an engine has made, and lets its pods out.
   *
   * @param reserve who answers where none of its pods can
   */
  readonly route: (scope: Construct, workload: LoweredWorkload, reserve: Reserve) => EndpointRoutes;
}
