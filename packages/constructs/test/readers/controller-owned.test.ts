import assert from 'node:assert/strict';
import { ApiObject, App, Chart } from 'cdk8s';
import { chartObjects, controllerOwned } from '../../src';

/** Ids of objects, and the fields of each that a controller owns. */
function owned(...manifests: readonly object[]): readonly unknown[] {
  const app = new App();
  const chart = new Chart(app, 'chart');
  for (const [i, manifest] of manifests.entries()) {
    new ApiObject(chart, `${i}`, { metadata: { name: 'web' }, ...manifest } as never);
  }
  const objects = chartObjects(app).flatMap((c) => c.objects);
  return [...controllerOwned(objects)].map(([object, fields]) => [object.kind, ...fields]);
}

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
const scaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' };
const workloadRef = { ...scaleTargetRef, scaleDown: 'onsuccess' };

describe('controllerOwned', () => {
  it('leaves the replicas of a scaled object to its autoscaler', () => {
    assert.deepEqual(owned({ ...scaler, spec: { scaleTargetRef } }, deployment), [
      ['Deployment', 'spec.replicas'],
    ]);
  });

  it('knows KEDA’s, whose target is a Deployment unless it says otherwise', () => {
    const keda = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };
    assert.deepEqual(owned({ ...keda, spec: { scaleTargetRef: { name: 'web' } } }, deployment), [
      ['Deployment', 'spec.replicas'],
    ]);
  });

  it('leaves alone what no autoscaler names: another kind, another name, another namespace', () => {
    for (const other of [
      { ...deployment, kind: 'StatefulSet' },
      { ...deployment, metadata: { name: 'api' } },
      { ...deployment, metadata: { name: 'web', namespace: 'elsewhere' } },
    ]) {
      assert.deepEqual(owned({ ...scaler, spec: { scaleTargetRef } }, other), []);
    }
  });

  it('leaves a Rollout what it takes over: the Deployment’s replicas, weights and hashes', () => {
    const istio = {
      virtualService: { name: 'web-routes', routes: ['primary'] },
      destinationRule: { name: 'web-subsets' },
    };
    const target = { ...rollout, metadata: undefined, name: 'web' };
    const documents = [
      { ...rollout, spec: { workloadRef, strategy: { canary: { trafficRouting: { istio } } } } },
      { ...scaler, spec: { scaleTargetRef: target } },
      deployment,
      ...['web', 'web-routes'].map((name) => ({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name },
      })),
      ...['web', 'web-subsets'].map((name) => ({
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name },
      })),
    ];
    assert.deepEqual(owned(...documents), [
      ['Rollout', 'spec.replicas'],
      ['Deployment', 'spec.replicas'],
      ['VirtualService', 'spec.http'],
      ['DestinationRule', 'spec.subsets'],
    ]);
  });

  it('leaves it the selectors of its Services, and a Deployment alone that it never scales', () => {
    const service = { apiVersion: 'v1', kind: 'Service' };
    const blueGreen = { activeService: 'web', previewService: 'web-preview' };
    const never = { ...workloadRef, scaleDown: 'never' };
    assert.deepEqual(
      owned(
        { ...rollout, spec: { workloadRef: never, strategy: { blueGreen } } },
        deployment,
        service,
        { ...service, metadata: { name: 'web-preview' } },
        { ...service, metadata: { name: 'other' } },
      ),
      [
        ['Service', 'spec.selector'],
        ['Service', 'spec.selector'],
      ],
    );
  });
});
