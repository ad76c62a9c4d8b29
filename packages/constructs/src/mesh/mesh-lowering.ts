import type { Construct } from 'constructs';
import type { LoweredWorkload } from '../engines/lowering';
import type { EndpointRoutes } from './endpoint-routes';

/** How a mesh turns sites and workloads into Kubernetes objects. */
export interface MeshLowering {
  /** Adds below `scope` what leads requests to a workload that an engine has made. */
  readonly route: (scope: Construct, workload: LoweredWorkload) => EndpointRoutes;
}
