import type { ImageName } from '../image-name';
import type { Peer } from '../peer';
import type { EastWest } from './east-west';
import { istioLowering } from './istio-lowering';
import type { DossierPart } from '../dossier/dossier-part';
import type { Site } from '../site';
import type { MeshLowering } from './mesh-lowering';
import { istioPart } from './mesh-dossier';

export interface IstioOptions {
  /**
   * Revision of the control plane, or a tag of it, that the pods follow: label `istio.io/rev`.
   * @default - the cluster's default: label `istio-injection`
   */
  readonly revision?: string;
  /**
   * Trust domain of the mesh, which begins every caller's name.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
  /**
   * Pods of the control plane, which sidecars ask for their certificates.
   * @default - pods labelled `app: istiod` in `istio-system`
   */
  readonly controlPlane?: Peer;
  /**
   * Image of the sidecar in the site's registry.
   * @default - the control plane's own choice: keep its `hub` inside the zone
   */
  readonly proxyImage?: ImageName;
  /**
   * The site's east-west gateway: endpoints of several sites that have one, and one trust domain, fail over
   * from site to site.
   * @default - none: sites send each other nothing
   */
  readonly eastWest?: EastWest;
}

/** What carries the requests between pods of a site, and decides who may send them. */
export class ServiceMesh {
  /**
   * Istio, with a sidecar in every pod of the site's namespace. The cluster has istiod and istio-cni; see
   * docs/constructs/service-mesh.md.
   *
   * @throws ConstructError MANARA_MESH for an option that Istio would refuse
   */
  static istio(options: IstioOptions = {}): ServiceMesh {
    return new ServiceMesh(istioLowering(options), istioPart);
  }

  private constructor(
    /** How the mesh becomes Kubernetes objects; for `Site` and `ModelEndpoint`, not for programs. */
    readonly lowering: MeshLowering,
    /** What the dossier says of it at a site. */
    readonly describe: (site: Site) => DossierPart,
  ) {}
}
