import assert from 'node:assert/strict';
import { chartObjects } from '@manara/constructs';
import { ApiObject, App, Chart } from 'cdk8s';
import { controllerOwned } from '../src/controller-owned';

function owned(scaler: object, target: object): readonly unknown[] {
  const app = new App();
  const chart = new Chart(app, 'chart');
  new ApiObject(chart, 'scaler', { metadata: { name: 'scaler' }, ...scaler } as never);
  new ApiObject(chart, 'target', target as never);
  const objects = chartObjects(app).flatMap((c) => c.objects);
  return [...controllerOwned(objects)].map(([object, fields]) => [object.node.id, fields]);
}

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

describe('controllerOwned', () => {
  it('leaves the replicas of a scaled object to its autoscaler', () => {
    const scaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
    assert.deepEqual(owned({ ...scaler, spec: { scaleTargetRef } }, deployment), [
      ['target', ['spec.replicas']],
    ]);
  });

  it('knows KEDA’s, whose target is a Deployment unless it says otherwise', () => {
    const scaler = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };
    assert.deepEqual(owned({ ...scaler, spec: { scaleTargetRef: { name: 'web' } } }, deployment), [
      ['target', ['spec.replicas']],
    ]);
  });

  it('leaves alone what no autoscaler names: another kind, another name, another namespace', () => {
    const scaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
    for (const other of [
      { ...deployment, kind: 'StatefulSet' },
      { ...deployment, metadata: { name: 'api' } },
      { ...deployment, metadata: { name: 'web', namespace: 'elsewhere' } },
    ]) {
      assert.deepEqual(owned({ ...scaler, spec: { scaleTargetRef } }, other), []);
    }
  });
});
