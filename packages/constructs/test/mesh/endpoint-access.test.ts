import assert from 'node:assert/strict';
import { MetricSink, Peer, secretFile, ServiceMesh } from '../../src';
import { refuses } from '../support/errors';
import { newEndpoint, newSite, newZone, untyped } from '../support/fixtures';
import { at } from '../support/manifests';
import { newMeshSite, ofKind, specOf, versions } from './support';

const sources = (spec: unknown) =>
  (at(spec, 'rules') as readonly object[]).map((rule) => at(rule, 'from', 0, 'source'));

describe('access to an endpoint in a mesh', () => {
  it('tells callers by their certificates', () => {
    const spec = specOf('AuthorizationPolicy', 'fraud', {
      callers: [
        Peer.serviceAccount('payments', 'checkout'),
        { peer: Peer.namespace('risk'), verbs: ['infer'] },
        Peer.pods('branches', { app: 'teller' }),
      ],
    });
    assert.equal(at(spec, 'action'), 'ALLOW');
    assert.deepEqual(at(spec, 'selector', 'matchLabels'), {
      'app.kubernetes.io/name': 'fraud',
      'app.kubernetes.io/component': 'model-server',
    });
    assert.deepEqual(sources(spec), [
      { principals: ['cluster.local/ns/payments/sa/checkout'] },
      { namespaces: ['risk'] },
      { namespaces: ['branches'] },
    ]);
  });

  it('names them in the trust domain of the mesh', () => {
    const spec = specOf(
      'AuthorizationPolicy',
      'fraud',
      { callers: [Peer.serviceAccount('payments', 'checkout')] },
      { mesh: ServiceMesh.istio({ trustDomain: 'bank.example' }) },
    );
    assert.deepEqual(sources(spec), [{ principals: ['bank.example/ns/payments/sa/checkout'] }]);
  });

  it('lets the scraper read the metrics, and nothing else', () => {
    const spec = specOf(
      'AuthorizationPolicy',
      'fraud',
      {},
      {
        metrics: new MetricSink({
          place: 'aws:me-central-1',
          uri: 'https://metrics.bank.example',
          scrapedBy: Peer.serviceAccount('monitoring', 'prometheus'),
        }),
      },
    );
    assert.deepEqual(at(spec, 'rules'), [
      {
        from: [{ source: { principals: ['cluster.local/ns/monitoring/sa/prometheus'] } }],
        to: [{ operation: { ports: ['8002'], methods: ['GET', 'HEAD'], paths: ['/metrics'] } }],
      },
    ]);
  });

  it('is nobody’s where there are no callers: the namespace’s own policy holds', () => {
    const { app, site } = newMeshSite();
    newEndpoint(site);
    assert.deepEqual(
      ofKind(app, 'AuthorizationPolicy').map((d) => at(d, 'metadata', 'name')),
      ['allow-nothing'],
    );
  });

  it('refuses verbs and versions that there are not', () => {
    const { site } = newMeshSite();
    const peer = Peer.namespace('risk');
    const endpoint = (caller: object) => () =>
      newEndpoint(site, { versions, callers: [untyped({ peer, ...caller })] });
    refuses(
      endpoint({ verbs: ['train'] }),
      'MANARA_PROP',
      'callers.0.verbs: expected some of infer, explain, read, load, admin; received "train"',
    );
    refuses(endpoint({ verbs: [] }), 'MANARA_PROP', 'received none');
    refuses(
      endpoint({ versions: [3] }),
      'MANARA_VERSIONS',
      'callers.0.versions: expected some of 1, 2; received 3',
    );
    refuses(endpoint({ peer: 'risk' }), 'MANARA_PROP', 'callers.0');
  });

  it('refuses callers that show no certificate, and what only the gateway can ask for', () => {
    const { site } = newMeshSite();
    refuses(
      () => newEndpoint(site, { callers: [Peer.namespace('a'), Peer.addresses('10.8.0.0/16')] }),
      'MANARA_MESH',
      'callers.1: with mutual TLS only pods of the mesh of site "bank/dubai" are let in',
      'received addresses 10.8.0.0/16',
    );
    const jwt = { name: 'bank', issuer: 'i', audience: 'a', jwksFile: secretFile('keys', 'jwks') };
    const config = { identity: { jwt: [jwt] }, rules: [{ callers: ['*'], verbs: ['infer'] }] };
    refuses(
      () => newEndpoint(site, { server: { config: untyped(config) } }),
      'MANARA_MESH',
      'server.config.identity: the mesh of site "bank/dubai"',
    );
  });

  it('refuses without a mesh what only a mesh can tell', () => {
    const site = newSite(newZone());
    refuses(
      () => newEndpoint(site, { callers: [Peer.serviceAccount('payments', 'checkout')] }),
      'MANARA_MESH',
      'callers.0: only a mesh tells service accounts apart; expected mesh of site "bank/dubai", received none',
      'Peer.pods',
    );
    refuses(
      () => newEndpoint(site, { callers: [{ peer: Peer.namespace('risk'), verbs: ['infer'] }] }),
      'MANARA_MESH',
      'callers.0.verbs:',
    );
  });
});
