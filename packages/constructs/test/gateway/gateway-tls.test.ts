import assert from 'node:assert/strict';
import { GatewayTls } from '../../src';
import { refuses } from '../support/errors';
import { at, documentOf } from '../support/manifests';
import { newBehind, newGateway } from './support';

function listenerOf(tls: GatewayTls): unknown {
  const behind = newBehind();
  newGateway(behind, { tls });
  return at(documentOf(behind.app, 'Gateway', 'api'), 'spec', 'servers', 0, 'tls');
}

describe('GatewayTls', () => {
  it('speaks TLS 1.3 with a certificate that cert-manager renews', () => {
    const behind = newBehind();
    newGateway(behind);
    assert.deepEqual(at(documentOf(behind.app, 'Certificate', 'api'), 'spec'), {
      secretName: 'api-tls',
      dnsNames: ['api.bank.example', 'fraud.api.bank.example'],
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'bank-ca' },
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      usages: ['digital signature', 'server auth'],
    });
    assert.deepEqual(listenerOf(GatewayTls.certManager({ name: 'bank-ca' })), {
      mode: 'SIMPLE',
      credentialName: 'api-tls',
      minProtocolVersion: 'TLSV1_3',
    });
  });

  it('names the suites of 1.2, and asks for certificates where it is told to', () => {
    const tls = GatewayTls.secret('bank-tls', { minVersion: '1.2', clientCertificates: true });
    assert.deepEqual(listenerOf(tls), {
      mode: 'MUTUAL',
      credentialName: 'bank-tls',
      minProtocolVersion: 'TLSV1_2',
      cipherSuites: [
        'ECDHE-ECDSA-AES256-GCM-SHA384',
        'ECDHE-RSA-AES256-GCM-SHA384',
        'ECDHE-ECDSA-AES128-GCM-SHA256',
        'ECDHE-RSA-AES128-GCM-SHA256',
      ],
    });
  });

  it('refuses other versions, and names that no Secret has', () => {
    const minVersion = '1.1' as never;
    refuses(() => GatewayTls.secret('tls', { minVersion }), 'MANARA_GATEWAY', 'minVersion', '1.1');
    refuses(() => GatewayTls.secret('My Secret'), 'MANARA_GATEWAY', 'name:', 'My Secret');
    refuses(
      () => GatewayTls.certManager({ name: 'ca', kind: 'Other' as never }),
      'MANARA_GATEWAY',
      'kind:',
    );
  });
});
