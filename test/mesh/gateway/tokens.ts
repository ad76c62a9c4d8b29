import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** An identity provider: it signs tokens, and says with which key they are checked. */
export class Issuer {
  private readonly privateKey: KeyObject;
  /** JSON Web Key Set. */
  readonly keys: string;

  constructor(readonly name: string) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.privateKey = privateKey;
    const key = { ...publicKey.export({ format: 'jwk' }), kid: name, alg: 'RS256', use: 'sig' };
    this.keys = JSON.stringify({ keys: [key] });
  }

  /** A token of five minutes for audience `models`; `claims` replace its claims. */
  token(claims: Readonly<Record<string, unknown>> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const base = { iss: this.name, aud: 'models', sub: 'caller', iat: now, exp: now + 300 };
    const parts = [
      { alg: 'RS256', typ: 'JWT', kid: this.name },
      { ...base, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signed = parts.join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }
}
