import type { DataFlow, Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { type Absent, unlessAbsent } from '../absent';
import { ConstructError } from '../construct-error';
import {
  type DescribesItself,
  type DossierContext,
  type DossierPart,
  dossierPart,
} from '../dossier/dossier-part';
import { stackPart } from './stack-dossier';
import { dataFlows, type DeclaresFlows } from '../flows/data-flows';
import { validateJobName } from '../copies/copy-job';
import { copyPointSeconds } from '../copies/copy-schedule';
import { ModelEndpoint } from '../model-endpoint';
import { declared, duration } from '../props/kinds';
import { validateId } from '../props/names';
import { checkProps, kind, listOf, record } from '../props/props';
import type { ResidencyZone } from '../residency-zone';
import { Site } from '../site';
import {
  addImageCopyJob,
  type ImageCopies,
  imageCopiesKind,
  type ImageCopyJob,
  imageCopyFlows,
  validateImageCopies,
} from './image-copies';
import {
  type EndpointRecovery,
  recoveryFaults,
  recoveryOf,
  type RecoveryPromise,
} from './recovery';
import { checkRecovery, type RecoverableEndpoint, type RecoveryRule } from './recovery-rules';

/** What the loss of a place may cost at most. */
export interface RecoveryObjective {
  /** Time until the other sites carry all of the traffic (RTO). */
  readonly time: Duration;
  /** Age of the newest weights and images that may be missing there (RPO). */
  readonly point: Duration;
}

export interface ServingStackProps<P extends Place> {
  /** Sites that carry traffic; the first is where images are published. */
  readonly sites: readonly [Site<P>, ...Site<P>[]];
  /** Site that is kept warm to take over, or `none('why')`, as where several sites are active. */
  readonly standby: Site<P> | Absent;
  readonly recovery: RecoveryObjective;
  /**
   * Time from the loss of a site until callers are led to another: until its health is known to be lost,
   * and its name no longer remembered. A `FailoverRecord` says its own.
   */
  readonly failover: Duration;
  /** How images get from the first site's registry to the others', or `none('why nothing copies them')`. */
  readonly images: ImageCopies | Absent;
}

const site = kind('a Site', (value) => Site.isSite(value));

const stackKinds = {
  sites: listOf(site),
  standby: declared(site),
  recovery: record({ time: duration, point: duration }),
  failover: duration,
  images: declared(imageCopiesKind),
};

/** Two copies of this package, in one tree, must know each other's stacks. */
const brand = Symbol.for('@manara/constructs.ServingStack');

/**
 * Sites that answer for each other: several that are active, or one with a warm standby. It copies images
 * between them and holds every endpoint that runs on two of them to what a lost place may cost.
 */
export class ServingStack<const P extends Place = Place>
  extends Construct
  implements DeclaresFlows, DescribesItself, RecoveryRule
{
  static isServingStack(x: unknown): x is ServingStack {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly zone: ResidencyZone<P>;
  readonly sites: readonly [Site<P>, ...Site<P>[]];
  readonly standby: Site<P> | Absent;
  readonly recovery: RecoveryObjective;
  readonly failover: Duration;
  readonly images: ImageCopies | Absent;
  readonly #imageJob: ImageCopyJob | undefined;

  /**
   * @throws ConstructError MANARA_SITES for sites that stand twice, in one place, or in another zone;
   * MANARA_RECOVERY for an endpoint or a copy that cannot keep `recovery`; MANARA_SCHEDULE, MANARA_NAME
   */
  constructor(zone: ResidencyZone<P>, id: string, props: ServingStackProps<NoInfer<P>>) {
    const at = validateId(zone, id);
    checkProps(at, props, stackKinds);
    const sites = sitesOf(props);
    validateSites(at, zone, sites);
    const promise = { ...props, allSites: sites };
    const imageJob = imageJobOf(at, id, props, sites);
    for (const endpoint of zone.node.children) {
      if (ModelEndpoint.isModelEndpoint(endpoint)) refuseUnrecoverable(promise, endpoint);
    }
    super(zone, id);
    Object.defineProperty(this, brand, { value: true });
    this.zone = zone;
    this.sites = props.sites;
    this.standby = props.standby;
    this.recovery = props.recovery;
    this.failover = props.failover;
    this.images = props.images;
    this.#imageJob = imageJob;
    if (imageJob !== undefined) addImageCopyJob(new Construct(imageJob.from, id), imageJob);
  }

  /** Every site, the standby last. */
  get allSites(): readonly Site<P>[] {
    return sitesOf(this);
  }

  /** The site that holds what the stack itself runs, where it runs something. */
  get imageSite(): Site<P> | undefined {
    return this.#imageJob === undefined ? undefined : this.sites[0];
  }

  /** What the loss of a place costs an endpoint; `undefined` for one that runs on less than two of the sites. */
  recoveryOf(endpoint: RecoverableEndpoint): EndpointRecovery | undefined {
    return recoveryOf(this, endpoint);
  }

  /** @throws ConstructError MANARA_RECOVERY for an endpoint that cannot keep `recovery` */
  [checkRecovery](endpoint: RecoverableEndpoint): void {
    refuseUnrecoverable(this, endpoint);
  }

  [dossierPart](context: DossierContext): DossierPart {
    return stackPart(this, context);
  }

  [dataFlows](): readonly DataFlow[] {
    if (this.#imageJob !== undefined) return imageCopyFlows(this.node.path, this.#imageJob);
    const base = { kind: 'image', owner: this.node.path, dataClasses: [] } as const;
    const at = this.sites[0].place;
    // A cast, or plain JavaScript, may have left it out.
    const images = this.images as Absent | undefined;
    if (images !== undefined) return [{ ...base, status: 'absent', at, reason: images.reason }];
    return [
      {
        ...base,
        status: 'undeclared',
        at,
        evidence: `images of stack "${this.node.path}" is not given`,
        fix: "give the stack images: { copier: … }, or images: none('why nothing copies them')",
      },
    ];
  }
}

function sitesOf<P extends Place>({
  sites,
  standby,
}: Pick<ServingStackProps<P>, 'sites' | 'standby'>): readonly Site<P>[] {
  const warm = unlessAbsent(standby);
  return warm === undefined ? sites : [...sites, warm];
}

function refuseUnrecoverable(promise: RecoveryPromise, endpoint: RecoverableEndpoint): void {
  const [fault] = recoveryFaults(promise, endpoint);
  if (fault !== undefined) throw new ConstructError('MANARA_RECOVERY', endpoint.path, fault);
}

function validateSites(at: string, zone: ResidencyZone, sites: readonly Site[]): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_SITES', at, `sites, standby: ${message}`);
  };
  const foreign = sites.find((site) => site.zone !== zone);
  if (foreign !== undefined) {
    refuse(`expected sites of zone "${zone.name}", received "${foreign.node.path}"`);
  }
  if (sites.length < 2) {
    refuse(`expected at least two sites, one of which can be lost; received ${sites.length}`);
  }
  const places = sites.map(({ place }) => place);
  if (new Set(places).size < places.length) {
    refuse(
      `expected each in a place of its own, which is lost as one; received ${places.join(', ')}`,
    );
  }
}

/** The job that copies images, all that can be wrong with it checked before anything is made. */
function imageJobOf(
  at: string,
  id: string,
  { images, recovery }: Pick<ServingStackProps<Place>, 'images' | 'recovery'>,
  [from, ...to]: readonly Site[],
): ImageCopyJob | undefined {
  const copies = unlessAbsent(images);
  if (copies === undefined || from === undefined) return undefined;
  validateImageCopies(at, copies, [from, ...to]);
  const point = recovery.point.toSeconds();
  const computed = copyPointSeconds(copies.every, 0);
  if (computed > point) {
    throw new ConstructError(
      'MANARA_RECOVERY',
      at,
      `recovery.point: images may be missing for ${computed} s, a period and a run of images.every; expected at most ${point} s`,
    );
  }
  if (from.node.tryFindChild(id) !== undefined) {
    throw new ConstructError('MANARA_NAME', at, `id: "${id}" is taken in site "${from.node.id}"`);
  }
  const name = `${id}-images`;
  validateJobName(at, name);
  return { name, from, to, copies };
}
