import assert from 'node:assert/strict';
import { App, Chart } from 'cdk8s';
import { Site } from '../src';
import { refuses } from './support/errors';
import { newSite, newZone, untyped } from './support/fixtures';
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

  it('refuses to be without a registry', () => {
    refuses(
      () => newSite(newZone(), 'dubai', { images: untyped(undefined) }),
      'MANARA_PROP',
      '[bank/dubai]',
      'images: expected an ImageRegistry; received nothing',
    );
  });

  it('refuses a bare region that got past the types', () => {
    assert.throws(() => newSite(newZone(), 'dubai', { place: untyped('uaenorth') }), {
      name: 'ResidencyError',
      code: 'bare-region',
    });
  });
});
