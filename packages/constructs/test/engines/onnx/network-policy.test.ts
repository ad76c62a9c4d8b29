import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import {
  MetricSink,
  ModelBucket,
  type ModelEndpointProps,
  ModelVersion,
  Peer,
  type SiteProps,
  TraceSink,
} from '../../../src';
import {
  bucket,
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
} from '../../support/fixtures';
import { documentOf } from '../../support/manifests';

const place = 'aws:me-central-1';

function specOf(
  site: Partial<SiteProps<UaePlace>>,
  endpoint: Partial<ModelEndpointProps<UaePlace>>,
): unknown {
  const app = new App();
  newEndpoint(newSite(newZone(app), 'dubai', site), endpoint);
  return documentOf(app, 'NetworkPolicy', 'fraud').spec;
}

/** Both directions are named and neither is opened. */
const closed = {
  podSelector: {
    matchLabels: {
      'app.kubernetes.io/name': 'fraud',
      'app.kubernetes.io/component': 'model-server',
    },
  },
  policyTypes: ['Ingress', 'Egress'],
};
const inNamespace = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const tcp = (...numbers: readonly number[]) => numbers.map((port) => ({ port, protocol: 'TCP' }));
const dns = {
  to: [{ ...inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

describe('network policy', () => {
  it('is closed in both directions for an endpoint on a claim that nobody calls', () => {
    assert.deepEqual(specOf({}, {}), closed);
  });

  it('lets the weights in from the port of a store of one’s own', () => {
    const store = new ModelBucket({
      place,
      uri: 's3://models',
      endpoint: 'https://minio.bank.example:9000',
      peer: Peer.addresses('10.30.0.0/24'),
    });
    const versions = [new ModelVersion(1, newArtifact({ bucket: store }))] as const;
    assert.deepEqual(specOf({}, { versions }), {
      ...closed,
      egress: [{ to: [{ ipBlock: { cidr: '10.30.0.0/24' } }], ports: tcp(9000) }, dns],
    });
  });

  it('lets callers in to the protocol’s ports, and to no other', () => {
    const callers = [Peer.namespace('payments'), Peer.addresses('10.0.0.0/16')];
    assert.deepEqual(specOf({}, { callers }), {
      ...closed,
      ingress: [
        {
          from: [inNamespace('payments'), { ipBlock: { cidr: '10.0.0.0/16' } }],
          ports: tcp(8000, 8001),
        },
      ],
    });
  });

  it('lets the scraper in to the metrics port only', () => {
    const metrics = new MetricSink({
      place,
      uri: 'https://prometheus.bank.example',
      scrapedBy: Peer.namespace('monitoring'),
    });
    assert.deepEqual(specOf({ metrics }, {}), {
      ...closed,
      ingress: [{ from: [inNamespace('monitoring')], ports: tcp(8002) }],
    });
  });

  it('lets pods out to the bucket’s addresses, and to the DNS that knows its name', () => {
    const versions = [
      new ModelVersion(1, newArtifact({ bucket })),
      new ModelVersion(2, newArtifact({ bucket })),
    ] as const;
    assert.deepEqual(specOf({}, { versions }), {
      ...closed,
      egress: [{ to: [{ ipBlock: { cidr: '10.20.0.0/24' } }], ports: tcp(443) }, dns],
    });
  });

  it('opens the port that the bucket’s address names', () => {
    const store = new ModelBucket({
      place,
      uri: 'https://models.bank.example:9000/store',
      peer: Peer.addresses('10.40.0.0/28'),
    });
    const versions = [new ModelVersion(1, newArtifact({ bucket: store }))] as const;
    assert.deepEqual(specOf({}, { versions }), {
      ...closed,
      egress: [{ to: [{ ipBlock: { cidr: '10.40.0.0/28' } }], ports: tcp(9000) }, dns],
    });
  });

  it('lets spans out to the collector, asking the site’s own DNS', () => {
    const traces = new TraceSink({
      place,
      uri: 'https://otel.bank.example:4318',
      peer: Peer.namespace('monitoring'),
    });
    assert.deepEqual(specOf({ traces, dns: Peer.addresses('169.254.20.10/32') }, {}), {
      ...closed,
      egress: [
        { to: [inNamespace('monitoring')], ports: tcp(4318) },
        { ...dns, to: [{ ipBlock: { cidr: '169.254.20.10/32' } }] },
      ],
    });
  });
});
