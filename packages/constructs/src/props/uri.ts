import type { Encryption } from '@manara/residency';
import { ConstructError } from '../construct-error';
import { hasLate } from '../late/late';

/** Schemes of addresses, and how data is protected on its way there. */
const encryptionOf: Readonly<Record<string, Encryption>> = {
  'https:': 'tls',
  's3:': 'tls',
  'azblob:': 'tls',
  'oci:': 'tls',
  'grpcs:': 'tls',
  'rediss:': 'tls',
  'http:': 'none',
  'file:': 'local',
  'pvc:': 'local',
};

/** Scheme of an address with its colon, `s3:`; `undefined` where it is known only after deployment. */
export function schemeOf(uri: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*:)\/\//.exec(uri);
  if (match === null && hasLate(uri)) return undefined;
  return match?.[1] ?? '';
}

/**
 * Encryption of a flow to an address. A late address counts as TLS: it is checked when it is known.
 */
export function encryptionTo(uri: string): Encryption {
  const scheme = schemeOf(uri);
  return scheme === undefined ? 'tls' : (encryptionOf[scheme] ?? 'none');
}

/** Encryption of a copy from one store to another: that of the weaker end that is on a network. */
export function encryptionBetween(from: string, to: string): Encryption {
  const ends = [encryptionTo(from), encryptionTo(to)];
  return (['none', 'tls'] as const).find((e) => ends.includes(e)) ?? 'local';
}

const defaultPorts: Readonly<Record<string, number>> = {
  'http:': 80,
  'redis:': 6379,
  'rediss:': 6379,
};

/**
 * Port that an address is reached at: its own, otherwise its scheme's. An `s3:` address names a bucket,
 * an `azblob:` one an account, and each is reached over HTTPS; so is, until it is known, a late one.
 */
export function portOf(uri: string): number {
  const own = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(uri)?.[1];
  return own === undefined ? (defaultPorts[schemeOf(uri) ?? ''] ?? 443) : Number(own);
}

/** @throws ConstructError MANARA_URI for an address without a scheme that is known. */
export function validateUri(at: string, uri: string, schemes: readonly string[]): void {
  const scheme = schemeOf(uri);
  if (scheme === undefined || schemes.includes(scheme)) return;
  throw new ConstructError(
    'MANARA_URI',
    at,
    `uri: expected an address with one of the schemes ${schemes.map((s) => `${s}//`).join(', ')}; received "${uri}"`,
  );
}
