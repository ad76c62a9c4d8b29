import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** An issuer's public keys. */
export interface KeySet {
  /** Finds the key that a token names. Rejects with jose's errors, or with KeysUnavailable. */
  readonly key: JWTVerifyGetKey;
}

/** The keys were never got, or are too old to be trusted. */
export class KeysUnavailable extends Error {}

/** @throws Error where the text is not a key set. */
export function parseKeySet(text: string): JWTVerifyGetKey {
  return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet);
}

/** Keys that are given, and given anew. */
export class GivenKeySet implements KeySet {
  private find: JWTVerifyGetKey | undefined;

  /** @param changed - told when the keys were replaced. */
  constructor(private readonly changed: () => void) {}

  readonly key: JWTVerifyGetKey = (header, token) => {
    if (this.find === undefined) throw new KeysUnavailable();
    return this.find(header, token);
  };

  /** @throws Error where the text is not a key set; the old one stays. */
  replace(text: string): void {
    this.find = parseKeySet(text);
    this.changed();
  }
}
