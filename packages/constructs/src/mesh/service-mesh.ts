import type { DossierPart } from '../dossier/dossier-part';
import type { Site } from '../site';
import { addEndpointRoutes } from './endpoint-routes';
import type { MeshLowering } from './mesh-lowering';
import { istioPart } from './mesh-dossier';

/** What carries the requests between pods of a site, and decides who may send them. */
export class ServiceMesh {
  /** Istio, with a sidecar in every pod of the site's namespace. */
  static istio(): ServiceMesh {
    return new ServiceMesh({ route: addEndpointRoutes }, istioPart);
  }

  private constructor(
    /** How the mesh becomes Kubernetes objects; for `Site` and `ModelEndpoint`, not for programs. */
    readonly lowering: MeshLowering,
    /** What the dossier says of it at a site. */
    readonly describe: (site: Site) => DossierPart,
  ) {}
}
