import { hash } from 'node:crypto';
import type { IssuerConfig } from '@manara/contract';
import { decodeJwt, errors as joseErrors, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../call';
import { errors } from '../errors';
import { claimTexts, textsOf } from './claims';
import { CredentialRefused, type Identified } from './credential';
import { CredentialCache } from './credential-cache';
import { type KeySet, KeysUnavailable } from './key-set';
import type { Bearer, Rules } from './rules';

/** Longest token that is looked at, and longest name that one may give its bearer. */
const maxTokenLength = 16 * 1024;
const maxNameLength = 256;

const defaultAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

export interface Issuer {
  readonly config: IssuerConfig;
  readonly keys: KeySet;
}

/** Checks tokens of the issuers that are configured. A token is checked once, then known until it expires. */
export class Tokens {
  private readonly issuers = new Map<string, Issuer>();
  private readonly known = new CredentialCache();
  private forgotten = 0;

  constructor(private readonly rules: Rules) {}

  accept(issuer: Issuer): void {
    this.issuers.set(issuer.config.issuer, issuer);
  }

  /** To be called when an issuer's keys have changed: tokens of a key that was withdrawn are not good any more. */
  forget(): void {
    this.forgotten++;
    this.known.clear();
  }

  /** @throws CredentialRefused, or rejects with it; rejects with ServingError IDENTITY_UNAVAILABLE. */
  identify(token: string, now: number): Caller | Promise<Caller> {
    if (token.length > maxTokenLength) {
      throw new CredentialRefused(`the token is longer than ${maxTokenLength} characters`);
    }
    const digest = hash('sha256', token, 'base64');
    return this.known.get(digest, now) ?? this.check(token, digest);
  }

  private async check(token: string, digest: string): Promise<Caller> {
    const issuer = this.issuerOf(token);
    const before = this.forgotten;
    const identified = await this.verified(token, issuer);
    // What was checked against keys that changed meanwhile is checked again the next time.
    if (before === this.forgotten) this.known.set(digest, identified);
    return identified.caller;
  }

  /** The issuer that a token names. Nothing of the token is believed before its signature is checked. */
  private issuerOf(token: string): Issuer {
    let claimed: string | undefined;
    try {
      claimed = decodeJwt(token).iss;
    } catch {
      throw new CredentialRefused('the bearer token is neither a JSON Web Token nor an API key');
    }
    const issuer = claimed === undefined ? undefined : this.issuers.get(claimed);
    if (issuer === undefined) throw new CredentialRefused("the token's issuer is not accepted");
    return issuer;
  }

  private async verified(token: string, { config, keys }: Issuer): Promise<Identified> {
    const { issuer, audience, clockToleranceSeconds = 5, callerClaim = 'sub' } = config;
    try {
      const { payload } = await jwtVerify(token, keys.key, {
        issuer,
        audience,
        algorithms: [...(config.algorithms ?? defaultAlgorithms)],
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', callerClaim],
      });
      const bearer = bearerOf(payload, config);
      const expires = ((payload.exp ?? 0) + clockToleranceSeconds) * 1000;
      return { caller: this.rules.caller(bearer), expires };
    } catch (error) {
      if (error instanceof KeysUnavailable) throw errors.identityUnavailable(config.name);
      if (error instanceof joseErrors.JOSEError) throw new CredentialRefused(reasonOf(error));
      throw error;
    }
  }
}

function bearerOf(payload: JWTPayload, config: IssuerConfig): Bearer {
  const { name: issuer, callerClaim = 'sub', groupsClaim = 'groups' } = config;
  const name = payload[callerClaim];
  if (typeof name !== 'string' || name === '' || name.length > maxNameLength) {
    const allowed = `a text of 1 to ${maxNameLength} characters`;
    throw new CredentialRefused(`the token's claim "${callerClaim}" is not ${allowed}`);
  }
  const ours = (text: string): string => `${issuer}:${text}`;
  const { scope, scp } = payload;
  return {
    id: ours(name),
    groups: claimTexts(payload, groupsClaim).map(ours),
    scopes: textsOf(scope ?? scp)
      .flatMap((text) => text.split(' '))
      .map(ours),
    claims: new Map(Object.entries(payload).map(([claim, value]) => [ours(claim), textsOf(value)])),
  };
}

function reasonOf(error: joseErrors.JOSEError): string {
  if (error instanceof joseErrors.JWTExpired) return 'the token has expired';
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return `the token's claim "${error.claim}" is not as it must be`;
  }
  if (error instanceof joseErrors.JWKSNoMatchingKey) {
    return 'no key of its issuer is the one that the token names';
  }
  if (error instanceof joseErrors.JWKSMultipleMatchingKeys) {
    return 'the token names no one key of its issuer (its header has no "kid")';
  }
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) {
    return "the token's signature is wrong";
  }
  if (error instanceof joseErrors.JOSEAlgNotAllowed) {
    return "the token's algorithm is not accepted";
  }
  return 'the token is not one that can be checked';
}
