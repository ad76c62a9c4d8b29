import type { PeerCertificate } from 'node:tls';
import type { Caller } from '../call';
import { certificateName, type CertificateNaming } from './certificate-name';
import { CredentialRefused } from './credential';
import { CredentialCache } from './credential-cache';
import type { Rules } from './rules';

/** Callers by the certificates of their connections, which TLS has verified. */
export class CertificateNames {
  private readonly known = new CredentialCache();

  constructor(
    private readonly naming: CertificateNaming,
    private readonly rules: Rules,
  ) {}

  /** @throws CredentialRefused */
  identify(certificate: PeerCertificate, now: number): Caller {
    const digest = certificate.fingerprint256;
    const known = this.known.get(digest, now);
    if (known !== undefined) return known;
    const expires = Date.parse(certificate.valid_to);
    // A connection may outlive the certificate that it was made with.
    if (expires <= now) throw new CredentialRefused('the client certificate has expired');
    const id = certificateName(certificate, this.naming);
    const caller = this.rules.caller({ id, groups: [] });
    this.known.set(digest, { caller, expires });
    return caller;
  }
}
