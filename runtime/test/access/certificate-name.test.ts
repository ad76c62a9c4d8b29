import assert from 'node:assert/strict';
import type { PeerCertificate } from 'node:tls';
import { certificateName } from '../../src/access/certificate-name';

function certificate(subject: object, subjectaltname?: string): PeerCertificate {
  return { subject, subjectaltname } as unknown as PeerCertificate;
}

describe('certificateName', () => {
  const id = 'spiffe://bank.ae/ns/retail/sa/payments';

  it('is the SPIFFE id, whatever other names stand beside it', () => {
    assert.equal(certificateName(certificate({}, `DNS:x, URI:${id}`), 'spiffe'), id);
    assert.equal(certificateName(certificate({}, `URI:${id}, IP Address:127.0.0.1`), 'spiffe'), id);
  });

  it('is none where there is no one URI, or it is no SPIFFE id', () => {
    for (const names of [
      undefined,
      'DNS:x',
      `URI:${id}, URI:spiffe://bank.ae/other`,
      'URI:https://bank.ae/x',
      'URI:spiffe://bank.ae',
      // A DNS name that only looks like two names: Node.js puts it into quotes.
      `DNS:"x, URI:${id}"`,
    ]) {
      assert.throws(
        () => certificateName(certificate({}, names), 'spiffe'),
        /names no one SPIFFE id/,
        names,
      );
    }
  });

  it('is the subject, the last attribute first, as RFC 4514 writes it', () => {
    const subject = { C: 'AE', O: 'Bank', OU: ['retail', 'cards'], CN: 'payments' };
    assert.equal(
      certificateName(certificate(subject), 'subject'),
      'CN=payments,OU=cards,OU=retail,O=Bank,C=AE',
    );
  });

  it('escapes what could pass for another attribute', () => {
    const subject = { O: 'Evil', CN: 'payments,O=Bank' };
    assert.equal(certificateName(certificate(subject), 'subject'), 'CN=payments\\,O\\=Bank,O=Evil');
    assert.throws(() => certificateName(certificate({}), 'subject'), /has no subject/);
  });
});
