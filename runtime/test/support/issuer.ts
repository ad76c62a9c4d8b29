import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  exportJWK,
  generateKeyPair,
  type CryptoKey,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** An issuer of tokens, whose keys can be had over HTTP for as long as it is not `away`. */
export class TestIssuer {
  away = false;
  /** How often the keys were asked for. */
  asked = 0;
  private readonly signing = new Map<string, CryptoKey>();
  private published: JWK[] = [];
  private server: Server | undefined;

  constructor(readonly name = 'https://id.test') {}

  /** Makes a key and publishes it. */
  async addKey(kid: string, alg = 'ES256'): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.signing.set(kid, privateKey);
    this.published.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
  }

  withdraw(kid: string): void {
    this.published = this.published.filter((key) => key.kid !== kid);
  }

  /** The key set, as it is published now. */
  get jwks(): string {
    return JSON.stringify({ keys: this.published });
  }

  /** Listens. @returns the address of the keys */
  async listen(): Promise<string> {
    const server = createServer((_request, response) => {
      this.asked++;
      if (this.away) response.writeHead(503).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(this.jwks);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  }

  /** A good token but for what is changed. */
  token(
    kid: string,
    changes: JWTPayload & Readonly<Record<string, unknown>> = {},
    alg = 'ES256',
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.name, aud: 'manara', sub: 'alice', exp: now + 300, ...changes };
    const key = this.signing.get(kid);
    if (key === undefined) throw new Error(`no key ${kid}`);
    return new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
