import type { CertificateIssuer } from '../certificate-issuer';
import { ConstructError } from '../construct-error';
import { dnsName } from './host-name';

/** Least version of TLS that a gateway speaks. */
export type TlsVersion = '1.2' | '1.3';

export interface GatewayTlsOptions {
  /**
   * Least version of TLS. With 1.2 the cipher suites are those with forward secrecy and an AEAD.
   * @default '1.3'
   */
  readonly minVersion?: TlsVersion;
  /**
   * Whether callers must show a certificate that the authority in the Secret's `ca.crt` signed.
   * @default false
   */
  readonly clientCertificates?: boolean;
}

/** Where a gateway's certificate comes from, and what it speaks. */
export class GatewayTls {
  /**
   * A certificate that cert-manager orders and renews.
   *
   * @throws ConstructError MANARA_GATEWAY
   */
  static certManager(issuer: CertificateIssuer, options: GatewayTlsOptions = {}): GatewayTls {
    validate('GatewayTls.certManager', issuer.name, options);
    const { kind = 'ClusterIssuer' } = issuer;
    if (!['ClusterIssuer', 'Issuer'].includes(kind)) {
      refuse(
        'GatewayTls.certManager',
        `kind: expected ClusterIssuer or Issuer; received "${kind}"`,
      );
    }
    return new GatewayTls(undefined, { name: issuer.name, kind }, options);
  }

  /**
   * A certificate that somebody keeps in a Secret of type `kubernetes.io/tls` in the site's namespace.
   *
   * @throws ConstructError MANARA_GATEWAY
   */
  static secret(name: string, options: GatewayTlsOptions = {}): GatewayTls {
    validate('GatewayTls.secret', name, options);
    return new GatewayTls(name, undefined, options);
  }

  readonly minVersion: TlsVersion;
  readonly clientCertificates: boolean;

  private constructor(
    /** Secret that exists; none where cert-manager makes one. */
    readonly secretName: string | undefined,
    readonly issuer: Required<CertificateIssuer> | undefined,
    { minVersion = '1.3', clientCertificates = false }: GatewayTlsOptions,
  ) {
    this.minVersion = minVersion;
    this.clientCertificates = clientCertificates;
  }
}

/**
 * Suites of TLS 1.2 with forward secrecy and an AEAD; those of 1.3 all have both.
 * Source: RFC 9325, section 4.2; read 2026-11.
 */
export const cipherSuites = [
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
] as const;

function validate(at: string, name: string, { minVersion = '1.3' }: GatewayTlsOptions): void {
  if (typeof name !== 'string' || !dnsName.test(name)) {
    refuse(at, `name: expected the name of a Kubernetes object; received ${JSON.stringify(name)}`);
  }
  if (!['1.2', '1.3'].includes(minVersion)) {
    refuse(at, `minVersion: expected '1.2' or '1.3'; received "${minVersion}"`);
  }
}

function refuse(at: string, message: string): never {
  throw new ConstructError('MANARA_GATEWAY', at, message);
}
