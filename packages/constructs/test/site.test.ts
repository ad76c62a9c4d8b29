import assert from 'node:assert/strict';
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { ModelBucket, ModelVersion, Peer, Site } from '../src';
import { refuses } from './support/errors';
import {
  newArtifact,
  newEndpoint,
  newSite,
  newZone,
  type UaePlace,
  untyped,
} from './support/fixtures';
import { documents } from './support/manifests';

describe('Site', () => {
  it('is a namespace for restricted pods in which nothing may connect', () => {
    const app = new App();
    newSite(newZone(app));
    assert.deepEqual(documents(app), [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: 'bank',
          labels: {
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/audit': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
          },
        },
        spec: {},
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'default-deny', namespace: 'bank' },
        spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      },
    ]);
  });

  it('may live in another namespace than the zone’s', () => {
    const app = new App();
    newSite(newZone(app), 'dubai', { namespace: 'models' });
    assert.deepEqual(
      documents(app).map((d) => d.metadata),
      [
        { ...(documents(app)[0]?.metadata as object), name: 'models' },
        { name: 'default-deny', namespace: 'models' },
      ],
    );
  });

  it('asks the cluster’s own DNS', () => {
    assert.deepEqual(newSite(newZone()).dns.identity, {
      namespace: 'kube-system',
      labels: { 'k8s-app': 'kube-dns' },
    });
  });

  it('is known by a brand that two copies of the package share', () => {
    assert.equal(Site.isSite(newSite(newZone())), true);
    assert.equal(Site.isSite({ [Symbol.for('@manara/constructs.Site')]: true }), true);
    assert.equal(Site.isSite(new Chart(new App(), 'chart')), false);
  });

  it('refuses an id or a namespace that Kubernetes would', () => {
    refuses(() => newSite(newZone(), 'Dubai'), 'MANARA_NAME', 'id:', '"Dubai"');
    refuses(
      () => newSite(newZone(), 'dubai', { namespace: 'kube_system' }),
      'MANARA_NAME',
      'namespace:',
      '"kube_system"',
    );
  });

  it('refuses a namespace of Kubernetes itself', () => {
    refuses(
      () => newSite(newZone(), 'dubai', { namespace: 'kube-system' }),
      'MANARA_NAME',
      '[bank/dubai] namespace:',
    );
  });

  it('refuses two constructs whose objects would overwrite each other', () => {
    const app = new App();
    const zone = newZone(app);
    const standby = newSite(zone, 'north', { place: 'azure:uaenorth' });
    const from = new ModelBucket<UaePlace>({
      place: 'aws:me-central-1',
      uri: 's3://bank-models',
      peer: Peer.addresses('10.20.0.0/24'),
    });
    const copy = new ModelBucket<UaePlace>({
      place: 'azure:uaenorth',
      uri: 'pvc://model-store',
      copy: { from, every: Duration.minutes(10), access: { role: 'arn:role' } },
    });
    const artifact = newArtifact({ bucket: from, copies: [copy] });
    newEndpoint(newSite(zone), { standby, versions: [new ModelVersion(1, artifact)] });
    documents(app);
    newEndpoint(standby, {}, 'fraud-weights');
    const twice = (object: string) =>
      new RegExp(
        `\\[bank/north\\] ${object} in namespace "bank" is made twice, by "bank/north/fraud/[^"]*" and by "bank/north/fraud-weights/[^"]*", .*MANARA_NAME`,
      );
    for (const object of ['NetworkPolicy "fraud-weights"', 'ServiceAccount "fraud-weights"']) {
      assert.throws(() => documents(app), twice(object));
    }
  });

  it('tells objects apart by group, kind, namespace and name', () => {
    const app = new App();
    const site = newSite(newZone(app));
    const add = (id: string, apiVersion: string, kind: string, namespace?: string) =>
      new ApiObject(site, id, {
        apiVersion,
        kind,
        metadata: { name: 'one', ...(namespace === undefined ? {} : { namespace }) },
      });
    add('a', 'v1', 'ServiceAccount');
    add('b', 'v1', 'ConfigMap');
    add('c', 'v1', 'ServiceAccount', 'another');
    add('d', 'bank.example/v1', 'ServiceAccount');
    assert.deepEqual(site.node.validate(), []);
    add('e', 'bank.example/v2', 'ServiceAccount');
    assert.deepEqual(site.node.validate(), [
      'ServiceAccount "one" in namespace "bank" is made twice, by "bank/dubai/d" and by "bank/dubai/e", and one would overwrite the other; give one of them another id or name (MANARA_NAME)',
    ]);
  });

  it('refuses to be without a registry', () => {
    refuses(
      () => newSite(newZone(), 'dubai', { images: untyped(undefined) }),
      'MANARA_PROP',
      '[bank/dubai]',
      'images: expected an ImageRegistry; received nothing',
    );
  });

  it('refuses a bare region that got past the types', () => {
    const zone = newZone();
    assert.throws(() => newSite(zone, 'dubai', { place: untyped('uaenorth') }), {
      name: 'ResidencyError',
      code: 'bare-region',
    });
    assert.deepEqual(zone.node.children, []);
  });
});
