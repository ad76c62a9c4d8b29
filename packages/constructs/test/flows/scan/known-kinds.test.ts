import assert from 'node:assert/strict';
import { ApiObject, App } from 'cdk8s';
import { Construct } from 'constructs';
import { dataFlows, type DeclaresFlows } from '../../../src';
import { undeclaredFlows } from '../../../src/flows/manifest-flows';
import { findsIn } from '../../support/finds';
import { newSite, newZone } from '../../support/fixtures';

describe('kinds', () => {
  for (const [apiVersion, kind] of [
    ['serving.kserve.io/v1beta1', 'InferenceService'],
    ['networking.istio.io/v1alpha3', 'EnvoyFilter'],
    ['networking.k8s.io/v1', 'Ingress'],
    ['cilium.io/v2', 'NetworkPolicy'],
    ['apps.vendor.example/v1', 'Deployment'],
    ['v1', 'List'],
    ['v1', 'PersistentVolume'],
  ] as const) {
    it(`refuses ${kind} of ${apiVersion}, which nothing is known of`, () => {
      assert.deepEqual(
        findsIn({ apiVersion, kind }).map((f) => [f.kind, f.evidence, f.fix]),
        [
          [
            'egress',
            `${kind} "plain" is of ${apiVersion}, a kind that may open a way out of the zone`,
            'make it a child of a construct that declares its flows, or remove it',
          ],
        ],
      );
    });
  }

  it('finds an image in a kind that nothing is known of, too', () => {
    const spec = { predictor: { containers: [{ image: 'busybox' }] } };
    assert.deepEqual(
      findsIn({ apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', spec }).map(
        (f) => f.kind,
      ),
      ['egress', 'image'],
    );
  });

  it('leaves a kind to a construct that declares its flows, and still reads what it holds', () => {
    const site = newSite(newZone(new App()));
    class Gateway extends Construct implements DeclaresFlows {
      [dataFlows]() {
        return [];
      }
    }
    const gateway = new Gateway(site, 'gateway');
    const of = (host: string) => ({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'filter' },
      spec: { configPatches: [{ patch: { value: { host } } }] },
    });
    new ApiObject(gateway, 'own', of('scores.bank.example'));
    assert.deepEqual(undeclaredFlows(site, []), []);
    new ApiObject(gateway, 'foreign', of('api.datadoghq.com'));
    assert.deepEqual(
      undeclaredFlows(site, []).map((f) => f.evidence),
      ['EnvoyFilter "filter" names api.datadoghq.com (Datadog), which no flow declares'],
    );
  });

  for (const kind of ['ConfigMap', 'Endpoints', 'PersistentVolumeClaim', 'Secret', 'Service']) {
    it(`lets an empty ${kind} pass`, () => {
      assert.deepEqual(findsIn({ apiVersion: 'v1', kind }), []);
    });
  }
});
