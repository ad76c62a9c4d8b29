import assert from 'node:assert/strict';
import { MetricSink, Peer, ServiceMesh } from '../../src';
import { refuses } from '../support/errors';
import { at, documentOf, documents } from '../support/manifests';
import { newMeshSite, ofKind } from './support';

const metrics = (scrapedBy: Peer) =>
  new MetricSink({ place: 'aws:me-central-1', uri: 'https://metrics.bank.example', scrapedBy });

describe('a namespace in a mesh', () => {
  it('asks for a certificate, lets nobody in and reaches nothing', () => {
    const { app } = newMeshSite();
    const spec = (kind: string) =>
      ofKind(app, kind).map((d) => [at(d, 'metadata', 'name'), d.spec]);
    assert.deepEqual(spec('PeerAuthentication'), [['default', { mtls: { mode: 'STRICT' } }]]);
    assert.deepEqual(spec('AuthorizationPolicy'), [['allow-nothing', {}]]);
    assert.deepEqual(spec('Sidecar'), [
      [
        'default',
        { egress: [{ hosts: ['~/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      ],
    ]);
  });

  it('has its pods injected, by the cluster’s default control plane or by one revision', () => {
    const labels = (mesh: ServiceMesh) =>
      at(documentOf(newMeshSite({ mesh }).app, 'Namespace', 'bank'), 'metadata', 'labels');
    const restricted = {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    };
    assert.deepEqual(labels(ServiceMesh.istio()), { ...restricted, 'istio-injection': 'enabled' });
    assert.deepEqual(labels(ServiceMesh.istio({ revision: '1-27' })), {
      ...restricted,
      'istio.io/rev': '1-27',
    });
  });

  it('opens the network to the control plane, and to sidecars for the scraper', () => {
    const { app } = newMeshSite({
      mesh: ServiceMesh.istio({ controlPlane: Peer.pods('mesh', { app: 'istiod' }) }),
      metrics: metrics(Peer.serviceAccount('monitoring', 'prometheus')),
    });
    const spec = at(documentOf(app, 'NetworkPolicy', 'mesh'), 'spec');
    assert.deepEqual(at(spec, 'podSelector'), {});
    assert.deepEqual(at(spec, 'egress', 0), {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mesh' } },
          podSelector: { matchLabels: { app: 'istiod' } },
        },
      ],
      ports: [{ protocol: 'TCP', port: 15012 }],
    });
    assert.deepEqual(at(spec, 'ingress'), [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
        ],
        ports: [{ protocol: 'TCP', port: 15090 }],
      },
    ]);
  });

  it('refuses a scraper that shows no certificate', () => {
    refuses(
      () => newMeshSite({ metrics: metrics(Peer.addresses('10.9.0.0/24')) }),
      'MANARA_MESH',
      'metrics.scrapedBy:',
      "Peer.serviceAccount('monitoring', 'prometheus')",
      '10.9.0.0/24',
    );
  });

  it('is as it was without a mesh', () => {
    const { app } = newMeshSite({ mesh: undefined });
    assert.deepEqual(
      documents(app).map((d) => d.kind),
      ['Namespace', 'NetworkPolicy'],
    );
  });
});
