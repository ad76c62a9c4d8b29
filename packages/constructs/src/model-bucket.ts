import { isOnPrem, parsePlace, type Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import { ConstructError } from './construct-error';
import { bucketCopy, peer } from './props/kinds';
import { hasLate } from './late/late';
import { copySchedule } from './copies/copy-schedule';
import type { Peer } from './peer';
import { checkProps, listOf, mapOf, optional, text } from './props/props';
import { schemeOf, validateUri } from './props/uri';
import { validateStore } from './props/store';

/** How a bucket is kept equal to another. */
export interface BucketCopy {
  /** The original, in any place: an artifact takes copies of its own bucket only. */
  readonly from: ModelBucket<Place>;
  /** How often what is missing is brought. What is new is here after a period, and the time of a run. */
  readonly every: Duration;
  /**
   * How pods get at an original in AWS from outside of it.
   * @default - none: as the original says, its `readerAnnotations` and its `endpoint`
   */
  readonly access?: CopyAccess;
}

/** What pods of another cloud read a bucket of AWS with. Each may be late. */
export interface CopyAccess {
  /** ARN of an IAM role that they assume with their own cluster's token: nothing secret is kept. */
  readonly role: string;
  /**
   * Where S3 answers to them, an interface endpoint: `https://bucket.vpce-….s3.me-central-1.vpce.amazonaws.com`.
   * @default - the original's
   */
  readonly endpoint?: string;
  /**
   * Where STS answers to them.
   * @default - AWS's own name in the region, which their DNS must lead to a private address
   */
  readonly tokenEndpoint?: string;
}

export interface ModelBucketProps<P extends Place> {
  /** Where the bucket stores its objects. */
  readonly place: P;
  /**
   * Address that keys are appended to: `s3://bank-models`, `azblob://bankmodels/models` (a storage account
   * and a container), `oci://registry.bank.example/models`, `https://models.internal/store`, `pvc://model-store`
   * for a PersistentVolumeClaim in the site's namespace. May be late.
   */
  readonly uri: string;
  /**
   * Where a store that speaks S3's protocol and is not AWS's region itself answers: MinIO, OCI Object
   * Storage, or an interface endpoint with a name of its own. `https://minio.bank.example:9000`,
   * for an `s3://` address; objects are asked for by path, `<endpoint>/<bucket>/<key>`. May be late.
   * @default - AWS's own, in the region of `place`; refused for `s3://` at any other place
   */
  readonly endpoint?: string;
  /**
   * Address ranges (of a private endpoint, and of what signs for it) that pods reach the bucket at.
   * @default - none: right for `pvc:`, refused for what is reached over the network
   */
  readonly peer?: Peer;
  /**
   * Annotations that let a service account read the bucket, such as an IAM role's ARN. May be late.
   * @default - none
   */
  readonly readerAnnotations?: Readonly<Record<string, string>>;
  /**
   * Hosts, with their port where it is not 443, that the store leads its readers to: where a registry
   * issues tokens, or keeps what it serves. Each is a flow of its own, from the same place and at the
   * same address ranges; readers refuse to be led anywhere else. For `oci://` and `https://`.
   * @default - none
   */
  readonly leadsTo?: readonly string[];
  /**
   * Name of a Secret of type `kubernetes.io/dockerconfigjson` in the site's namespace, with the login of
   * the registry. For `oci://`.
   * @default - none: the registry lets everybody read who reaches it
   */
  readonly loginSecret?: string;
  /**
   * The bucket that this one is a copy of, on a `pvc://` claim that many pods may write: every endpoint
   * that reads its weights here brings them itself, by a CronJob in its site.
   * @default - none: whoever publishes the weights puts them here too
   */
  readonly copy?: BucketCopy;
}

/** The claim's name becomes, with `claim-` before it, a volume's: a DNS label of 63 characters. */
const claim = /^pvc:\/\/[a-z0-9]([a-z0-9-]{0,55}[a-z0-9])?(\/|$)/;

/** A store of model weights that exists. */
export class ModelBucket<const P extends Place> {
  readonly kind = 'artifact';
  readonly place: P;
  readonly uri: string;
  readonly endpoint: string | undefined;
  readonly peer: Peer | undefined;
  readonly readerAnnotations: Readonly<Record<string, string>>;
  readonly leadsTo: readonly string[];
  readonly loginSecret: string | undefined;
  readonly copy: BucketCopy | undefined;

  /**
   * @throws ConstructError MANARA_URI for an unknown scheme, claim, account, registry, endpoint or host, and for
   * a copy that is on no claim; MANARA_PEER for a bucket that is reached over the network at no stated address;
   * MANARA_SCHEDULE for a period of copying
   */
  constructor(props: ModelBucketProps<P>) {
    checkProps('ModelBucket', props, {
      place: text,
      uri: text,
      endpoint: optional(text),
      peer: optional(peer),
      readerAnnotations: optional(mapOf(text)),
      leadsTo: optional(listOf(text)),
      loginSecret: optional(text),
      copy: optional(bucketCopy),
    });
    parsePlace(props.place);
    validateUri('ModelBucket', props.uri, ['s3:', 'azblob:', 'oci:', 'https:', 'pvc:']);
    const scheme = schemeOf(props.uri);
    if (scheme !== 'pvc:' && props.peer === undefined) {
      throw new ConstructError(
        'MANARA_PEER',
        'ModelBucket',
        `peer: "${props.uri}" is reached over the network; expected its address ranges, Peer.addresses('10.20.0.0/24'), received none`,
      );
    }
    if (scheme === 'pvc:' && !hasLate(props.uri) && !claim.test(props.uri)) {
      throw new ConstructError(
        'MANARA_URI',
        'ModelBucket',
        `uri: expected pvc://<claim>, a name of at most 57 lower-case letters, digits and "-"; received "${props.uri}"`,
      );
    }
    validateEndpoint(props);
    validateStore(props);
    validateCopy(props);
    this.place = props.place;
    this.uri = props.uri.replace(/\/+$/, '');
    this.endpoint = props.endpoint?.replace(/\/+$/, '');
    this.peer = props.peer;
    this.readerAnnotations = props.readerAnnotations ?? {};
    this.leadsTo = props.leadsTo ?? [];
    this.loginSecret = props.loginSecret;
    this.copy = props.copy;
  }

  /** Address of an object, as the pod is told. */
  uriOf(key: string): string {
    return `${this.uri}/${key}`;
  }

  /** Address that an object is reached at: below the endpoint, where there is one. */
  addressOf(key: string, endpoint = this.endpoint): string {
    const uri = this.uriOf(key);
    return endpoint === undefined ? uri : `${endpoint}/${uri.replace(/^s3:\/\//, '')}`;
  }

  /** How an S3 client reaches the bucket; `undefined` where none is needed. */
  get s3(): { readonly region: string; readonly endpoint: string | undefined } | undefined {
    const scheme = schemeOf(this.uri);
    if (scheme !== undefined && scheme !== 's3:') return undefined;
    // A late address that turns out to be no `s3://` has no use for a region, and no harm from it.
    const region = isOnPrem(this.place) ? signingRegion : regionOf(this.place);
    return { region, endpoint: this.endpoint };
  }
}

/**
 * The name that requests to a store of one's own are signed with. It is no place: S3's protocol asks
 * for a region, and this is what stores without any take, as MinIO takes every name where none was
 * set. Source: minio/minio on GitHub, cmd/signature-v4-utils.go, `isValidRegion`; read 2026-11.
 */
const signingRegion = 'us-east-1';

function regionOf(place: Place): string {
  return place.slice(place.indexOf(':') + 1);
}

function refuseUnlessEndpoint(prop: string, endpoint: string): void {
  if (hasLate(endpoint) || isEndpoint(endpoint)) return;
  throw new ConstructError(
    'MANARA_URI',
    'ModelBucket',
    `${prop}: expected an https:// address without user, query or fragment, such as https://minio.bank.example:9000; received "${endpoint}"`,
  );
}

function validateEndpoint({ place, uri, endpoint }: ModelBucketProps<Place>): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_URI', 'ModelBucket', `endpoint: ${message}`);
  };
  const scheme = schemeOf(uri);
  if (endpoint === undefined) {
    if (scheme !== 's3:' || place.startsWith('aws:')) return;
    return refuse(
      `"${uri}" at ${place} is no bucket of AWS; expected the address of its store, such as https://minio.bank.example; received none`,
    );
  }
  if (scheme !== undefined && scheme !== 's3:') {
    refuse(`expected none beside "${uri}", which is no s3:// address; received "${endpoint}"`);
  }
  refuseUnlessEndpoint('endpoint', endpoint);
}

function validateCopy({ uri, copy }: ModelBucketProps<Place>): void {
  if (copy === undefined) return;
  copySchedule('ModelBucket', 'copy.every', copy.every);
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_URI', 'ModelBucket', `copy: ${message}`);
  };
  if (schemeOf(uri) !== 'pvc:') {
    refuse(
      `pods of a site copy to a claim; expected a uri such as pvc://model-store, received "${uri}"`,
    );
  }
  if (schemeOf(copy.from.uri) === 'pvc:') {
    refuse(
      `expected an original that another site can reach, s3:// or https://; received "${copy.from.uri}"`,
    );
  }
  const { endpoint, tokenEndpoint } = copy.access ?? {};
  for (const [prop, address] of Object.entries({ endpoint, tokenEndpoint })) {
    if (address !== undefined) refuseUnlessEndpoint(`copy.access.${prop}`, address);
  }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && [username, password, search, hash].every((part) => part === '');
}
