import 'reflect-metadata';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate and its private key, PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Wanted {
  /** @default CN=localhost */
  readonly subject?: string;
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  readonly uris?: readonly string[];
  /** Seconds from now on. @default 3600 */
  readonly seconds?: number;
  /** Seconds until it is valid. @default - it is */
  readonly from?: number;
}

/** A certificate authority for the length of a test. */
export class TestAuthority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly own: x509.X509Certificate,
  ) {}

  static async create(name = 'CN=Test CA'): Promise<TestAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name,
      ...validity({}),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(keys, own);
  }

  /** Its own certificate, PEM. */
  get cert(): string {
    return this.own.toString('pem');
  }

  /** A certificate for a server on this machine, unless other names are wanted. */
  async issue(wanted: Wanted = {}): Promise<Issued> {
    const {
      subject = 'CN=localhost',
      dns = ['localhost'],
      ips = ['127.0.0.1'],
      uris = [],
    } = wanted;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const names = [
      ...dns.map((value) => ({ type: 'dns', value }) as const),
      ...ips.map((value) => ({ type: 'ip', value }) as const),
      ...uris.map((value) => ({ type: 'url', value }) as const),
    ];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: this.own.subject,
      ...validity(wanted),
      signingKey: this.keys.privateKey,
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)],
    });
    const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return {
      cert: certificate.toString('pem'),
      key: String(key.export({ format: 'pem', type: 'pkcs8' })),
    };
  }
}

function validity({ from = -60, seconds = 3600 }: Wanted): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now + from * 1000), notAfter: new Date(now + seconds * 1000) };
}

function serial(): string {
  return `01${randomBytes(8).toString('hex')}`;
}
