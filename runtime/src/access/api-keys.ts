import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ApiKeyEntry, parseApiKeyFile } from '@manara/contract';
import type { Caller } from '../call';
import { CredentialRefused } from './credential';
import type { Rules } from './rules';

/** What every key begins with: tells it from a token, and lets scanners of source code find it. */
const prefix = 'mnr_';

const form = /^mnr_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

export function isApiKey(text: string): boolean {
  return text.startsWith(prefix);
}

/**
 * Makes a key: 64 bits that name it and 256 random bits. A digest of that much chance cannot be tried
 * through, so SHA-256 does; scrypt is for secrets that people choose, and would cost each request
 * tens of milliseconds.
 *
 * @returns the key, for its bearer only, and the entry of the key file, which is no secret.
 */
export function newApiKey(bearer: Pick<ApiKeyEntry, 'caller' | 'groups' | 'expires'>): {
  readonly key: string;
  readonly entry: ApiKeyEntry;
} {
  const id = randomBytes(8).toString('hex');
  const key = `${prefix}${id}_${randomBytes(32).toString('base64url')}`;
  return { key, entry: { id, ...bearer, sha256: hash('sha256', key) } };
}

interface Known {
  readonly caller: Caller;
  readonly digest: Buffer;
  readonly expires: number;
}

/** The keys of a key file. */
export class ApiKeys {
  private known: ReadonlyMap<string, Known> = new Map();

  constructor(private readonly rules: Rules) {}

  /** Replaces all keys. @throws Error where the text is no file of keys; the old ones stay. */
  replace(text: string): void {
    const { keys } = parseApiKeyFile(text);
    this.known = new Map(
      keys.map(({ id, caller, groups = [], sha256, expires }) => [
        id,
        {
          caller: this.rules.caller({ id: caller, groups }),
          digest: Buffer.from(sha256, 'hex'),
          expires: expires === undefined ? Infinity : Date.parse(expires),
        },
      ]),
    );
  }

  /** @throws CredentialRefused */
  identify(key: string, now: number): Caller {
    const [, id = ''] = form.exec(key) ?? [];
    const digest = hash('sha256', key, 'buffer');
    const known = this.known.get(id);
    // Found by the part that is no secret, compared in a time that does not depend on the rest.
    if (known === undefined || !timingSafeEqual(known.digest, digest)) {
      throw new CredentialRefused('the API key is not known');
    }
    if (known.expires <= now) throw new CredentialRefused('the API key has expired');
    return known.caller;
  }
}
