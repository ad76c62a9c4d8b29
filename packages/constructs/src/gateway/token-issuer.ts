import type { Place } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { hasLate } from '../late/late';
import { checkProps, listOf, optional, record, text } from '../props/props';
import { validateUri } from '../props/uri';

/** Where an issuer publishes the keys that its tokens are checked with. */
export interface PublishedKeys<P extends Place> {
  /** Address of its JSON Web Key Set, `https://`. May be late. */
  readonly uri: string;
  /** Where that address answers: the mesh's control plane asks it every few minutes. */
  readonly place: P;
}

export interface TokenIssuerProps<P extends Place> {
  /** The tokens' `iss`, exactly. */
  readonly issuer: string;
  /** Values of `aud`, one of which a token must have. */
  readonly audiences: readonly [string, ...string[]];
  /** Where it publishes its keys. One of `publishedKeys` and `keys` must be given. */
  readonly publishedKeys?: PublishedKeys<P>;
  /** Its keys themselves, a JSON Web Key Set as text, for sites without a way to the issuer. */
  readonly keys?: string;
}

const issuerKinds = {
  issuer: text,
  audiences: listOf(text),
  publishedKeys: optional(record({ uri: text, place: text })),
  keys: optional(text),
};

/** Two copies of this package, in one tree, must know each other's. */
const brand = Symbol.for('@manara/constructs.TokenIssuer');

/** Who says who callers are: an identity provider whose JWTs a gateway accepts. */
export class TokenIssuer<const P extends Place = Place> {
  static isTokenIssuer(x: unknown): x is TokenIssuer {
    return typeof x === 'object' && x !== null && brand in x;
  }

  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly publishedKeys: PublishedKeys<P> | undefined;
  readonly keys: string | undefined;

  /**
   * @throws ConstructError MANARA_GATEWAY for an issuer without keys, or with two kinds of them, for keys
   * that are no key set of public keys, and for no audience; MANARA_URI for keys that are not published over TLS
   */
  constructor(props: TokenIssuerProps<P>) {
    Object.defineProperty(this, brand, { value: true });
    const at = 'TokenIssuer';
    checkProps(at, props, issuerKinds);
    const { issuer, audiences, publishedKeys, keys } = props;
    if (issuer === '') refuse('issuer', 'the "iss" of its tokens', 'none');
    if (audiences.length === 0 || audiences.includes('')) {
      refuse(
        'audiences',
        'at least one, so that a token made for another service is refused',
        'none',
      );
    }
    if ((publishedKeys === undefined) === (keys === undefined)) {
      const received = keys === undefined ? 'neither' : 'both';
      refuse('publishedKeys, keys', `one of them, to check tokens of "${issuer}" with`, received);
    }
    if (publishedKeys !== undefined) validateUri(at, publishedKeys.uri, ['https:']);
    if (keys !== undefined) validateKeys(keys);
    this.issuer = issuer;
    this.audiences = audiences;
    this.publishedKeys = publishedKeys;
    this.keys = keys;
  }
}

/** Members of a key that only its owner may know. Source: RFC 7518, section 6; read 2026-11. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

function validateKeys(keys: string): void {
  if (hasLate(keys)) return;
  const set = parsed(keys);
  if (set === undefined || set.length === 0) {
    return refuse('keys', 'a JSON Web Key Set, {"keys": […]}, with at least one key', 'other text');
  }
  const secret = set.flatMap((key) => secretMembers.filter((member) => member in key))[0];
  if (secret !== undefined) {
    refuse('keys', 'public keys alone', `one with the secret member "${secret}"`);
  }
}

function parsed(keys: string): readonly object[] | undefined {
  try {
    const set: unknown = JSON.parse(keys);
    if (typeof set !== 'object' || set === null || !('keys' in set)) return undefined;
    const list: unknown = set.keys;
    if (!Array.isArray(list)) return undefined;
    return list.every((key) => typeof key === 'object' && key !== null)
      ? (list as readonly object[])
      : undefined;
  } catch {
    return undefined;
  }
}

function refuse(prop: string, expected: string, received: string): never {
  throw new ConstructError(
    'MANARA_GATEWAY',
    'TokenIssuer',
    `${prop}: expected ${expected}; received ${received}`,
  );
}
