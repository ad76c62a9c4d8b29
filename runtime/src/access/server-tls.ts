import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import type { TlsConfig } from '@manara/contract';
import type { Follow } from './followed-files';

/** Milliseconds that a caller is given to agree on a connection. Node.js gives two minutes. */
const handshakeMillis = 10_000;

/** What takes new certificates without closing: node:tls servers and gRPC's credentials. */
export interface TlsFollower {
  setSecureContext(options: SecureContextOptions): void;
}

/** The certificates of the server. Connections that are open stay as they were made. */
export class ServerTls {
  private context: SecureContextOptions = {};
  private readonly followers: TlsFollower[] = [];

  /** @throws ConfigurationError where the files cannot be used. */
  constructor(
    private readonly config: TlsConfig,
    follow: Follow,
  ) {
    const { certFile, keyFile, clientCaFile } = config;
    const paths = [certFile, keyFile, ...(clientCaFile === undefined ? [] : [clientCaFile])];
    follow('tls', paths, (contents) => {
      this.replace(contents);
    });
  }

  /** What a server is created with. */
  options(): TlsOptions {
    const { clientCaFile, clientCertificates = 'required' } = this.config;
    return {
      ...this.context,
      handshakeTimeout: handshakeMillis,
      requestCert: clientCaFile !== undefined,
      rejectUnauthorized: clientCaFile !== undefined && clientCertificates === 'required',
    };
  }

  /** Has a server that was created with `options` follow the files. */
  follow(server: TlsFollower): void {
    this.followers.push(server);
  }

  private replace([cert, key, ca]: readonly Buffer[]): void {
    if (cert === undefined || key === undefined) throw new Error('certificate or key is missing');
    const context: SecureContextOptions = {
      cert,
      key,
      minVersion: this.config.minVersion === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
    };
    // Finds out what cannot be used, a key of another certificate among it, before anything changes.
    createSecureContext(context);
    checkTime(new X509Certificate(cert));
    this.context = context;
    for (const server of this.followers) server.setSecureContext(context);
  }
}

function checkTime({ validFrom, validTo }: X509Certificate): void {
  const now = Date.now();
  if (Date.parse(validTo) <= now) throw new Error(`the certificate expired at ${validTo}`);
  if (Date.parse(validFrom) > now) throw new Error(`the certificate is valid from ${validFrom} on`);
}
