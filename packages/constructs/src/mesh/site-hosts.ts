import type { IServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry';
import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { Site } from '../site';
import { addIstioObject } from './istio-object';
import type { HostProtocol, ReachedHost } from './reached-host';

type Spec = NonNullable<IServiceEntry['spec']>;
type NamedHost = Extract<ReachedHost, { readonly host: string }>;

/** Two copies of this package, in one tree, must know each other's. */
const brand = Symbol.for('@manara/constructs.SiteHosts');

/**
 * The hosts outside of the mesh that pods of a site reach: a ServiceEntry for each, which holds the ports of
 * all endpoints. Of two with one host the mesh would read the older.
 */
export class SiteHosts extends Construct {
  static of(site: Site): SiteHosts {
    const found = site.node.tryFindChild('mesh-hosts');
    return SiteHosts.isSiteHosts(found) ? found : new SiteHosts(site);
  }

  private static isSiteHosts(x: unknown): x is SiteHosts {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /** Protocols by port, by host. */
  readonly #ports = new Map<string, Map<number, HostProtocol>>();

  private constructor(site: Site) {
    super(site, 'mesh-hosts');
    Object.defineProperty(this, brand, { value: true });
  }

  /** Makes a host known to the mesh, in the site's namespace only. */
  add({ host, address, port, protocol, slug }: NamedHost): void {
    const known = this.#ports.get(host);
    const ports = known ?? new Map<number, HostProtocol>();
    this.#ports.set(host, ports.set(port, protocol));
    if (known !== undefined) return;
    const spec: Spec = {
      hosts: [host],
      exportTo: ['.'],
      location: 'MESH_EXTERNAL',
      ...(address === undefined
        ? { resolution: 'DNS' }
        : { resolution: 'STATIC', addresses: [address], endpoints: [{ address }] }),
      ports: Lazy.any({ produce: () => portsOf(ports) }) as NonNullable<Spec['ports']>,
    };
    addIstioObject(this, slug, { kind: 'ServiceEntry', name: `host-${slug}`, spec });
  }
}

function portsOf(ports: ReadonlyMap<number, HostProtocol>): NonNullable<Spec['ports']> {
  return [...ports]
    .sort(([a], [b]) => a - b)
    .map(([number, protocol]) => ({
      number,
      name: `${protocol.toLowerCase()}-${number}`,
      protocol,
    }));
}
