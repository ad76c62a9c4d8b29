import assert from 'node:assert/strict';
import { late, ModelBucket, ModelVersion, Peer, secretFile, TraceSink } from '../../src';
import { newArtifact, newEndpoint } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';
import { newMeshSite, ofKind, specOf, versions } from './support';

const traces = new TraceSink({
  place: 'aws:me-central-1',
  uri: 'https://collector.observability.svc:4318',
  peer: Peer.pods('observability', { app: 'collector' }),
});

const hosts = (spec: unknown) => at(spec, 'egress', 0, 'hosts');

describe('what pods of an endpoint in a mesh reach', () => {
  it('is what the endpoint reaches, by exact hosts', () => {
    const { app, site } = newMeshSite({ traces });
    newEndpoint(site, {
      versions,
      server: {
        config: {
          cache: {
            redis: { url: 'rediss://redis.data.svc.cluster.local:6379/0' },
            keyFile: secretFile('cache', 'key'),
            models: { fraud: {} },
          },
        },
        hosts: [
          {
            host: 'redis.data.svc.cluster.local',
            place: 'aws:me-central-1',
            peer: Peer.pods('data', { app: 'redis' }),
          },
        ],
      },
    });
    const spec = at(documentOf(app, 'Sidecar', 'fraud'), 'spec');
    assert.deepEqual(hosts(spec), [
      './bank-models.s3.me-central-1.amazonaws.com',
      'data/redis.data.svc.cluster.local',
      'observability/collector.observability.svc.cluster.local',
    ]);
    assert.deepEqual(at(spec, 'outboundTrafficPolicy'), { mode: 'REGISTRY_ONLY' });
    assert.deepEqual(
      ofKind(app, 'ServiceEntry').map((d) => d.spec),
      [
        {
          hosts: ['bank-models.s3.me-central-1.amazonaws.com'],
          exportTo: ['.'],
          location: 'MESH_EXTERNAL',
          resolution: 'DNS',
          ports: [{ number: 443, name: 'tls-443', protocol: 'TLS' }],
        },
      ],
    );
  });

  it('is nothing where weights lie on a claim and nobody is told anything', () => {
    assert.deepEqual(hosts(specOf('Sidecar', 'fraud')), ['~/*']);
  });

  it('closes connections to the server before the server does', () => {
    const spec = specOf('Sidecar', 'fraud');
    assert.deepEqual(at(spec, 'inboundConnectionPool'), { http: { idleTimeout: '60s' } });
  });

  it('is made known once, with the ports of every endpoint', () => {
    const { app, site } = newMeshSite();
    const peer = Peer.addresses('10.20.0.0/24');
    const store = (port: number) =>
      new ModelBucket({
        place: 'aws:me-central-1',
        uri: `https://models.bank.example${port === 443 ? '' : `:${port}`}`,
        peer,
      });
    for (const [id, port] of [
      ['fraud', 8443],
      ['credit', 443],
    ] as const) {
      const artifact = newArtifact({ bucket: store(port), key: `${id}/1/model.onnx` });
      newEndpoint(site, { versions: [new ModelVersion(1, artifact)] }, id);
    }
    assert.deepEqual(
      ofKind(app, 'ServiceEntry').map((d) => [at(d, 'spec', 'hosts'), at(d, 'spec', 'ports')]),
      [
        [
          ['models.bank.example'],
          [
            { number: 443, name: 'tls-443', protocol: 'TLS' },
            { number: 8443, name: 'tls-8443', protocol: 'TLS' },
          ],
        ],
      ],
    );
  });

  it('is an address where it has no name', () => {
    const bucket = new ModelBucket({
      place: 'aws:me-central-1',
      uri: 'https://10.20.0.7:9000',
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const { app, site } = newMeshSite();
    newEndpoint(site, { versions: [new ModelVersion(1, newArtifact({ bucket }))] });
    assert.deepEqual(ofKind(app, 'ServiceEntry')[0]?.spec, {
      hosts: ['10-20-0-7.address.internal'],
      exportTo: ['.'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      addresses: ['10.20.0.7'],
      endpoints: [{ address: '10.20.0.7' }],
      ports: [{ number: 9000, name: 'tcp-9000', protocol: 'TCP' }],
    });
  });

  it('may be known only after deployment', () => {
    const bucket = new ModelBucket({
      place: 'aws:me-central-1',
      uri: late('mesh-bucket'),
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const { app, site } = newMeshSite();
    newEndpoint(site, { versions: [new ModelVersion(1, newArtifact({ bucket }))] });
    const values = { 'mesh-bucket': 's3://weights' };
    const sidecar = documentOf(app, 'Sidecar', 'fraud', undefined, values);
    assert.deepEqual(hosts(sidecar.spec), ['./weights.s3.me-central-1.amazonaws.com']);
  });
});
