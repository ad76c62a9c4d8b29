import assert from 'node:assert/strict';
import { Peer, TraceSink } from '../../../src';
import { findsIn, policy } from '../../support/finds';

describe('network', () => {
  for (const [what, egress, evidence] of [
    ['a rule without destinations', [{}], ['lets pods connect to any address']],
    ['a rule for a port alone', [{ ports: [{ port: 443 }] }], ['lets pods connect to any address']],
    [
      'the whole internet',
      [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] }],
      ['lets pods connect to 0.0.0.0/0, which no declared flow explains'],
    ],
    [
      'an address beside one that is declared',
      [{ to: [{ ipBlock: { cidr: '10.20.0.0/24' } }, { ipBlock: { cidr: '10.99.0.0/24' } }] }],
      ['lets pods connect to 10.99.0.0/24, which no declared flow explains'],
    ],
    ['an empty list of destinations', [{ to: [] }], ['lets pods connect to any address']],
    [
      'every namespace',
      [{ to: [{ namespaceSelector: {} }] }, { to: [{ namespaceSelector: {}, podSelector: {} }] }],
      ['lets pods connect to every pod of the cluster'],
    ],
    [
      'labelled pods of the cluster',
      [
        {
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        },
      ],
      [],
    ],
    ['pods of its own namespace', [{ to: [{ podSelector: {} }] }], []],
    ['no way out', [], []],
  ] as const) {
    it(`judges a NetworkPolicy with ${what}`, () => {
      assert.deepEqual(
        findsIn(policy(egress)).map((f) => [f.kind, f.evidence]),
        evidence.map((text) => ['egress', `NetworkPolicy "plain" ${text}`]),
      );
    });
  }

  it('finds a Service that leads out of the cluster, unless a flow declares the host', () => {
    const service = (externalName: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      spec: { type: 'ExternalName', externalName },
    });
    assert.deepEqual(
      findsIn(service('api.vendor.example')).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Service "plain" leads to "api.vendor.example", which no flow declares',
          'remove it, or declare the sink or bucket that is reached there',
        ],
      ],
    );
    const traces = new TraceSink({
      place: 'aws:me-central-1',
      uri: 'https://otel.bank.example:4318',
      peer: Peer.addresses('10.30.0.0/28'),
    });
    assert.deepEqual(findsIn(service('otel.bank.example'), { traces }), []);
  });

  it('refuses a Service with a load balancer, or with addresses of its own', () => {
    const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', spec });
    assert.deepEqual(
      findsIn(service({ type: 'LoadBalancer' })).map((f) => [f.kind, f.evidence, f.fix]),
      [
        [
          'egress',
          'Service "plain" asks for a load balancer, whose place no flow declares',
          'use type ClusterIP, and let callers in from where the site is',
        ],
      ],
    );
    assert.deepEqual(
      findsIn(service({ externalIPs: ['52.1.2.3', '10.20.0.9'] })).map((f) => f.evidence),
      ['Service "plain" answers for 52.1.2.3, which no declared flow explains'],
    );
    assert.deepEqual(findsIn(service({ type: 'ClusterIP' })), []);
  });

  it('refuses addresses behind a Service that no flow declares', () => {
    const slice = (...addresses: readonly string[]) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      endpoints: [{ addresses }],
    });
    assert.deepEqual(findsIn(slice('10.20.0.7')), []);
    assert.deepEqual(
      findsIn(slice('10.20.1.7', 'api.vendor.example')).map((f) => f.evidence),
      [
        'EndpointSlice "plain" leads to 10.20.1.7, which no declared flow explains',
        'EndpointSlice "plain" leads to api.vendor.example, which no declared flow explains',
      ],
    );
    const subsets = [{ addresses: [{ ip: '10.20.0.7' }, { ip: '8.8.8.8' }] }];
    assert.deepEqual(
      findsIn({ apiVersion: 'v1', kind: 'Endpoints', subsets }).map((f) => f.evidence),
      ['Endpoints "plain" leads to 8.8.8.8, which no declared flow explains'],
    );
  });
});
