import { DataClass, type DataFlow, type Place } from '@manara/residency';
import { Construct } from 'constructs';
import type { Absent } from './absent';
import { nodesOn, validateNodes } from './capacity/endpoint-nodes';
import { NodePool } from './capacity/node-pool';
import { asCaller, caller, type Caller, validateCallers } from './caller';
import { ConstructError } from './construct-error';
import {
  type DescribesItself,
  type DossierContext,
  type DossierPart,
  dossierPart,
} from './dossier/dossier-part';
import { endpointPart } from './dossier/endpoint-part';
import { dataFlows, type DeclaresFlows } from './flows/data-flows';
import { endpointFlows } from './flows/endpoint-flows';
import { EndpointPart } from './flows/endpoint-part';
import type { EndpointSpec, PlacedWorkload, SiteRole } from './engines/lowering';
import { absent, declared, duration, modelVersion, servingEngine } from './props/kinds';
import { checkFallback } from './mesh/check-fallback';
import { checkMeshes } from './mesh/check-meshes';
import { type Failover, failoversBetween } from './mesh/failovers';
import type { ModelVersion } from './model-version';
import { watcherOf, watchWorkload } from './observability/watcher';
import { validateId } from './props/names';
import { type Objective, validateObjective } from './objective';
import type { Peer } from './peer';
import {
  checkProps,
  kind,
  listOf,
  object,
  optional,
  record,
  anyNumber,
  shown,
} from './props/props';
import type { ResidencyZone } from './residency-zone';
import { Autoscaling } from './scaling/autoscaling';
import { checkServer } from './server/check-server';
import { serverProps, type ServerProps } from './server/server-props';
import type { ServingEngine } from './serving-engine';
import { Site } from './site';
import { checkRecovery, recoveryRules } from './stack/recovery-rules';
import { type Traffic, trafficKind } from './traffic';
import { validateRoutes, type VersionRoutes, versionRoutes } from './version-routes';

export interface ModelEndpointProps<P extends Place> {
  /** Versions that are served side by side. */
  readonly versions: readonly [ModelVersion<P>, ...ModelVersion<P>[]];
  /**
   * Version that answers where the path names none.
   * @default - the highest
   */
  readonly defaultVersion?: number;
  /** What runs the models. */
  readonly engine: ServingEngine<P>;
  /** Sites that carry the traffic. */
  readonly sites: readonly [Site<P>, ...Site<P>[]];
  /** Site that is kept warm to take over, or `none('why')`. */
  readonly standby: Site<P> | Absent;
  /**
   * Pools that its pods run on, at most one of a site.
   * @default - any node that takes them
   */
  readonly nodes?: readonly NodePool<P>[];
  /** How well it serves. */
  readonly objective: Objective;
  /** How much it is asked. */
  readonly traffic: Traffic;
  /**
   * What owns the number of replicas.
   * @default Autoscaling.hpa()
   */
  readonly autoscaling?: Autoscaling;
  /**
   * Who may call it; and, where a mesh holds them to it, what each may do.
   * @default - nobody: the network is closed
   */
  readonly callers?: readonly (Peer | Caller)[];
  /**
   * How versions share the requests that name none.
   * @default - all to the default version
   */
  readonly routes?: VersionRoutes;
  /**
   * Classes of data in its requests and answers.
   * @default - all of the zone's
   */
  readonly data?: readonly DataClass[];
  /**
   * What its server does besides answering requests: variants and their flags, identity and limits, jobs,
   * cache and fallbacks; and whom it reaches for that.
   * @default - none of it
   */
  readonly server?: ServerProps<P>;
  /**
   * Endpoint whose pods answer where the mesh finds none of this one's: its server says so, in
   * `server.config.fallbacks`, with `elsewhere`.
   * @default - none
   */
  readonly fallback?: ModelEndpoint<P>;
  /**
   * `none('why')` where its sites are not to answer for each other through their meshes.
   * @default - from each site to every other, where both meshes have east-west gateways and one trust domain
   */
  readonly failover?: Absent;
}

const site = kind('a Site', (value) => Site.isSite(value));
const nodePool = kind('a GpuNodePool or CpuNodePool', (value) => NodePool.isNodePool(value));

const autoscaling = kind('an Autoscaling', (value) => Autoscaling.isAutoscaling(value));

const endpointKinds = {
  versions: listOf(modelVersion),
  defaultVersion: optional(anyNumber),
  engine: servingEngine,
  sites: listOf(site),
  standby: declared(site),
  nodes: optional(listOf(nodePool)),
  objective: record({ p99Latency: duration, availabilityPercent: anyNumber }),
  traffic: trafficKind,
  autoscaling: optional(autoscaling),
  callers: optional(listOf(caller)),
  routes: optional(versionRoutes),
  data: optional(listOf(object)),
  server: optional(serverProps),
  fallback: optional(kind('a ModelEndpoint', (value) => ModelEndpoint.isModelEndpoint(value))),
  failover: optional(absent),
};

/** Two copies of this package, in one tree, must know each other's endpoints. */
const brand = Symbol.for('@manara/constructs.ModelEndpoint');

/**
 * What callers see: a model of one or more versions, served at `/v2/models/<id>/infer` and
 * `/v2/models/<id>/versions/<n>/infer` on every site that it names.
 */
export class ModelEndpoint<const P extends Place = Place>
  extends Construct
  implements EndpointSpec, DeclaresFlows, DescribesItself
{
  static isModelEndpoint(x: unknown): x is ModelEndpoint {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly zone: ResidencyZone<P>;
  readonly versions: readonly ModelVersion<P>[];
  readonly defaultVersion: number;
  readonly engine: ServingEngine<P>;
  readonly sites: readonly Site<P>[];
  readonly standby: Site<P> | Absent;
  readonly nodes: readonly NodePool<P>[];
  readonly objective: Objective;
  readonly traffic: Traffic;
  readonly autoscaling: Autoscaling;
  readonly callers: readonly Peer[];
  readonly access: readonly Caller[];
  readonly routes: VersionRoutes | undefined;
  readonly data: readonly DataClass[];
  readonly server: ServerProps<P> | undefined;
  readonly fallback: ModelEndpoint<P> | undefined;
  /** Which site's requests go to which other, where no pod of its own can answer. */
  readonly failovers: readonly Failover[];
  /** What the engine and the mesh made of it, on the standby too: for what acts on its objects. */
  readonly workloads: readonly PlacedWorkload[];

  /** @throws ConstructError for any prop that contradicts the others, by its documented code */
  constructor(zone: ResidencyZone<P>, id: string, props: ModelEndpointProps<NoInfer<P>>) {
    checkProps(validateId(zone, id), props, endpointKinds);
    super(zone, id);
    Object.defineProperty(this, brand, { value: true });
    this.zone = zone;
    this.versions = [...props.versions].sort((a, b) => a.number - b.number);
    this.defaultVersion = props.defaultVersion ?? this.versions.at(-1)?.number ?? 0;
    this.engine = props.engine;
    this.sites = props.sites;
    this.standby = props.standby;
    this.nodes = props.nodes ?? [];
    this.objective = props.objective;
    this.traffic = props.traffic;
    this.autoscaling = props.autoscaling ?? Autoscaling.hpa();
    this.access = (props.callers ?? []).map(asCaller);
    this.callers = this.access.map(({ peer }) => peer);
    this.routes = props.routes;
    this.data = props.data ?? zone.data;
    this.server = props.server;
    this.fallback = props.fallback;
    this.failovers = props.failover === undefined ? failoversBetween(this.allSites()) : [];
    const parts: Construct[] = [];
    try {
      this.validateVersions();
      this.validateFormats();
      this.validateSites();
      validateNodes(this);
      this.validateData();
      this.validateServer();
      this.validateCallers();
      validateObjective(this.node.path, {
        objective: this.objective,
        traffic: this.traffic,
        siteCount: this.allSites().length,
      });
      const standby = Site.isSite(this.standby) ? [this.standby] : [];
      this.workloads = [
        ...this.sites.map((site) => this.lower(site, 'primary', parts)),
        ...standby.map((site) => this.lower(site, 'standby', parts)),
      ];
      for (const rule of recoveryRules(zone)) rule[checkRecovery](this);
    } catch (error) {
      // What is refused is not in the tree: a program may catch the error and go on.
      for (const { node } of [this, ...parts]) node.scope?.node.tryRemoveChild(node.id);
      throw error;
    }
  }

  get path(): string {
    return this.node.path;
  }

  /** Name of the model in the protocol's paths, and of the endpoint's Kubernetes objects. */
  get name(): string {
    return this.node.id;
  }

  get weights(): readonly ModelVersion<P>[] {
    return [...this.versions, ...(this.engine.lowering.beside ?? [])];
  }

  [dossierPart](context: DossierContext): DossierPart {
    return endpointPart(this, context);
  }

  [dataFlows](): readonly DataFlow[] {
    return endpointFlows({
      owner: this.node.path,
      dataClasses: this.data,
      versions: this.weights,
      sites: this.sites,
      standby: this.standby,
      server: this.server,
      failovers: this.failovers,
    });
  }

  /** The standby is the last. */
  private allSites(): readonly Site<P>[] {
    return Site.isSite(this.standby) ? [...this.sites, this.standby] : this.sites;
  }

  /** @param parts receives what holds the objects in the site */
  private lower(site: Site<P>, role: SiteRole, parts: Construct[]): PlacedWorkload {
    if (site.node.tryFindChild(this.name) !== undefined) {
      this.refuse('MANARA_NAME', `id: "${this.name}" is taken in site "${site.node.id}"`);
    }
    const part = new EndpointPart(site, this.name);
    parts.push(part);
    const lowered = this.engine.lowering.lower(part, {
      endpoint: this,
      site,
      role,
      nodes: nodesOn(site, this.nodes),
    });
    watcherOf(site)?.[watchWorkload](part, lowered);
    const reserve = {
      fallback: this.fallback?.workloads.find((one) => one.site === site),
      sites: this.failovers.flatMap(({ from, to, address }) =>
        from === site ? [{ id: to.node.id, address }] : [],
      ),
    };
    const routes = site.mesh?.lowering.route(part, lowered, reserve);
    return { ...lowered, scope: part, routes };
  }

  private validateVersions(): void {
    const numbers = this.versions.map((v) => v.number);
    if (numbers.length === 0)
      this.refuse('MANARA_VERSIONS', 'versions: expected at least one, received none');
    if (new Set(numbers).size < numbers.length) {
      this.refuse(
        'MANARA_VERSIONS',
        `versions: expected each number once, received ${numbers.join(', ')}`,
      );
    }
    if (!numbers.includes(this.defaultVersion)) {
      this.refuse(
        'MANARA_VERSIONS',
        `defaultVersion: expected one of ${numbers.join(', ')}; received ${this.defaultVersion}`,
      );
    }
  }

  private validateFormats(): void {
    const { kind, formats } = this.engine.lowering;
    const other = this.weights.find(({ artifact }) => !formats.includes(artifact.format));
    if (other === undefined) return;
    this.refuse(
      'MANARA_ENGINE',
      `versions: ServingEngine.${kind}() serves ${formats.join(' and ')}; received version ${other.number} in ${other.artifact.format}; fix: an engine that does, ServingEngine.${other.artifact.format === 'onnx' ? 'onnx' : 'vllm'}()`,
    );
  }

  private validateSites(): void {
    const all = this.allSites();
    if (this.sites.length === 0)
      this.refuse('MANARA_SITES', 'sites: expected at least one, received none');
    if (new Set(all).size < all.length) {
      this.refuse(
        'MANARA_SITES',
        `sites, standby: expected each site once, received ${all.map((s) => s.node.id).join(', ')}`,
      );
    }
    const foreign = all.find((site) => site.zone !== this.zone);
    if (foreign !== undefined) {
      this.refuse(
        'MANARA_SITES',
        `sites, standby: expected sites of zone "${this.zone.name}", received "${foreign.node.path}"`,
      );
    }
  }

  private validateData(): void {
    // By id, so that two copies of the residency package agree; a bare text has none.
    const allowed = this.zone.data.map((c) => c.id);
    const unknown = this.data.find((c) => !DataClass.isDataClass(c) || !allowed.includes(c.id));
    if (unknown !== undefined) {
      const received = DataClass.isDataClass(unknown) ? unknown.id : shown(unknown);
      this.refuse(
        'MANARA_RESIDENCY',
        `data: expected classes of zone "${this.zone.name}" (${allowed.join(', ')}), received ${received}`,
      );
    }
    if (this.data.length === 0)
      this.refuse('MANARA_RESIDENCY', 'data: expected at least one DataClass, received none');
  }

  private validateServer(): void {
    if (this.server === undefined) return;
    const served = { name: this.name, versions: this.versions.map((v) => v.number) };
    checkServer(this.node.path, { server: this.server, served, zone: this.zone });
  }

  private validateCallers(): void {
    const numbers = this.versions.map((v) => v.number);
    validateCallers(this.node.path, this.access, numbers);
    if (this.routes !== undefined) {
      validateRoutes(this.node.path, this.routes, numbers);
      this.validateOneDivision();
    }
    checkMeshes(this, this.allSites());
    if (this.fallback !== undefined) checkFallback(this, this.allSites(), this.fallback);
  }

  private validateOneDivision(): void {
    if (this.server?.config.variants === undefined) return;
    this.refuse(
      'MANARA_ROUTES',
      'routes: variants of server.config divide the same requests; expected one of the two, received both',
    );
  }

  private refuse(code: ConstructError['code'], message: string): never {
    throw new ConstructError(code, this.node.path, message);
  }
}
