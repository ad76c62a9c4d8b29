import { addEndpointRoutes } from './endpoint-routes';
import type { MeshLowering } from './mesh-lowering';

/** What carries the requests between pods of a site, and decides who may send them. */
export class ServiceMesh {
  /** Istio, with a sidecar in every pod of the site's namespace. */
  static istio(): ServiceMesh {
    return new ServiceMesh({ route: addEndpointRoutes });
  }

  private constructor(
    /** How the mesh becomes Kubernetes objects; for `Site` and `ModelEndpoint`, not for programs. */
    readonly lowering: MeshLowering,
  ) {}
}
