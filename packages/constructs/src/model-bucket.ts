import { parsePlace, type Place } from '@manara/residency';
import { ConstructError } from './construct-error';
import { peer } from './kinds';
import { hasLate } from './late';
import type { Peer } from './peer';
import { checkProps, mapOf, optional, text } from './props';
import { schemeOf, validateUri } from './uri';

export interface ModelBucketProps<P extends Place> {
  /** Where the bucket stores its objects. */
  readonly place: P;
  /**
   * Address that keys are appended to: `s3://bank-models`, `https://models.internal/store`,
   * `pvc://model-store` for a PersistentVolumeClaim in the site's namespace. May be late.
   */
  readonly uri: string;
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
}

/** The claim's name becomes, with `claim-` before it, a volume's: a DNS label of 63 characters. */
const claim = /^pvc:\/\/[a-z0-9]([a-z0-9-]{0,55}[a-z0-9])?(\/|$)/;

/** A store of model weights that exists. */
export class ModelBucket<const P extends Place> {
  readonly kind = 'artifact';
  readonly place: P;
  readonly uri: string;
  readonly peer: Peer | undefined;
  readonly readerAnnotations: Readonly<Record<string, string>>;

  /**
   * @throws ConstructError MANARA_URI for an unknown scheme or claim, MANARA_PEER for a bucket that is reached
   * over the network at no stated address
   */
  constructor(props: ModelBucketProps<P>) {
    checkProps('ModelBucket', props, {
      place: text,
      uri: text,
      peer: optional(peer),
      readerAnnotations: optional(mapOf(text)),
    });
    parsePlace(props.place);
    validateUri('ModelBucket', props.uri, ['s3:', 'https:', 'pvc:']);
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
    this.place = props.place;
    this.uri = props.uri.replace(/\/+$/, '');
    this.peer = props.peer;
    this.readerAnnotations = props.readerAnnotations ?? {};
  }

  /** Address of an object. */
  uriOf(key: string): string {
    return `${this.uri}/${key}`;
  }
}
