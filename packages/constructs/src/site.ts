import { type Place, parsePlace } from '@manara/residency';
import { ApiObject, Chart } from 'cdk8s';
import { k8s, Namespace } from 'cdk8s-plus-28';
import type { Absent } from './absent';
import { inNoNamespace } from './cluster-object';
import type { ImageRegistry } from './image-registry';
import { ConstructError } from './construct-error';
import {
  type DescribesItself,
  type DossierContext,
  type DossierPart,
  dossierPart,
} from './dossier/dossier-part';
import { sitePart } from './dossier/site-part';
import { imageRegistry, peer, serviceMesh, sink } from './props/kinds';
import { ObjectNames } from './object-names';
import { validateId, validateName } from './props/names';
import { Peer } from './peer';
import { checkProps, optional, text } from './props/props';
import type { ServiceMesh } from './mesh/service-mesh';
import type { ResidencyZone } from './residency-zone';
import type { BackupVault, LogSink, MetricSink, TraceSink } from './sinks';

export interface SiteProps<P extends Place> {
  /** Where the cluster, or the single node, runs. */
  readonly place: P;
  /** Registry that the site's nodes pull from. */
  readonly images: ImageRegistry<P>;
  /** Where the cluster's agent sends the logs, or `none('why')`. */
  readonly logs: LogSink<P> | Absent;
  /** Where metrics are stored and who scrapes them, or `none('why')`. */
  readonly metrics: MetricSink<P> | Absent;
  /** Where the servers send spans, or `none('why')`. */
  readonly traces: TraceSink<P> | Absent;
  /** Where copies of what the site keeps are stored, or `none('why')`. */
  readonly backup: BackupVault<P> | Absent;
  /**
   * Namespace that the site's objects live in; it is created with Pod Security "restricted".
   * @default - the zone's id
   */
  readonly namespace?: string;
  /**
   * The cluster's DNS, which servers that reach something by name may ask.
   * @default - pods labelled `k8s-app: kube-dns` in `kube-system`
   */
  readonly dns?: Peer;
  /**
   * What carries requests between the site's pods.
   * @default - no mesh: callers are let in by the network policy, and by the server
   */
  readonly mesh?: ServiceMesh;
}

const siteKinds = {
  place: text,
  images: imageRegistry,
  logs: sink('a LogSink', 'log'),
  metrics: sink('a MetricSink', 'metric'),
  traces: sink('a TraceSink', 'trace'),
  backup: sink('a BackupVault', 'backup'),
  namespace: optional(text),
  dns: optional(peer),
  mesh: optional(serviceMesh),
};

/** Two copies of this package, in one tree, must know each other's sites. */
const brand = Symbol.for('@manara/constructs.Site');

/**
 * A place where a cluster, or a single node, runs: one chart, with a namespace that admits only
 * restricted pods and where nothing may connect unless an endpoint opens it. Two objects of one name are
 * refused when the tree is synthesized.
 */
export class Site<const P extends Place = Place> extends Chart implements DescribesItself {
  static isSite(x: unknown): x is Site {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly zone: ResidencyZone<P>;
  readonly place: P;
  readonly images: ImageRegistry<P>;
  readonly logs: LogSink<P> | Absent;
  readonly metrics: MetricSink<P> | Absent;
  readonly traces: TraceSink<P> | Absent;
  readonly backup: BackupVault<P> | Absent;
  readonly dns: Peer;
  readonly mesh: ServiceMesh | undefined;
  readonly namespaceName: string;

  /** @throws ConstructError MANARA_NAME, MANARA_PROP; ResidencyError for a place without its cloud */
  constructor(zone: ResidencyZone<P>, id: string, props: SiteProps<NoInfer<P>>) {
    const at = validateId(zone, id);
    checkProps(at, props, siteKinds);
    const namespaceName = props.namespace ?? zone.node.id;
    validateNamespace(at, namespaceName);
    parsePlace(props.place);
    super(zone, id, { namespace: namespaceName, disableResourceNameHashes: true });
    Object.defineProperty(this, brand, { value: true });
    this.zone = zone;
    this.place = props.place;
    this.images = props.images;
    this.logs = props.logs;
    this.metrics = props.metrics;
    this.traces = props.traces;
    this.backup = props.backup;
    this.dns = props.dns ?? Peer.pods('kube-system', { 'k8s-app': 'kube-dns' });
    this.mesh = props.mesh;
    this.namespaceName = namespaceName;
    this.addNamespace();
    this.addDefaultDeny();
    this.mesh?.lowering.prepare(this);
    this.node.addValidation({ validate: () => [...new ObjectNames().faults(this)] });
  }

  [dossierPart](context: DossierContext): DossierPart {
    return sitePart(this, context);
  }

  private addNamespace(): void {
    const namespace = new Namespace(this, 'namespace', {
      metadata: {
        name: this.namespaceName,
        labels: {
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/audit': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
          ...this.mesh?.lowering.namespaceLabels,
        },
      },
    });
    inNoNamespace(ApiObject.of(namespace));
  }

  private addDefaultDeny(): void {
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: { name: 'default-deny' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}

function validateNamespace(at: string, name: string): void {
  validateName(at, 'namespace', name);
  if (!name.startsWith('kube-')) return;
  throw new ConstructError(
    'MANARA_NAME',
    at,
    `namespace: expected one of the site's own, where all else is denied; received "${name}", which is Kubernetes' own`,
  );
}
