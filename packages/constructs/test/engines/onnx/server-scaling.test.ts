import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { newEndpoint, newSite, newZone, objective } from '../../support/fixtures';
import { at, documentOf } from '../../support/manifests';

function scaled(availabilityPercent = 99.9, peakRequestsPerSecond = 100): App {
  const app = new App();
  const zone = newZone(app);
  newEndpoint(newSite(zone), {
    standby: newSite(zone, 'north', { place: 'azure:uaenorth' }),
    objective: { ...objective, availabilityPercent },
    traffic: { peakRequestsPerSecond },
  });
  return app;
}

describe('scaling', () => {
  it('holds CPU use, between the replicas that availability needs and twice the peak’s', () => {
    const spec = documentOf(scaled(), 'HorizontalPodAutoscaler', 'fraud', 'dubai').spec;
    assert.deepEqual(at(spec, 'scaleTargetRef'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'fraud',
    });
    assert.equal(at(spec, 'minReplicas'), 3);
    assert.equal(at(spec, 'maxReplicas'), 6);
    assert.deepEqual(at(spec, 'metrics'), [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ]);
  });

  for (const [availability, replicas] of [
    [95, 1],
    [99, 2],
    [99.9, 3],
  ] as const) {
    it(`keeps ${replicas} replicas for ${availability} %`, () => {
      const spec = documentOf(
        scaled(availability),
        'HorizontalPodAutoscaler',
        'fraud',
        'dubai',
      ).spec;
      assert.equal(at(spec, 'minReplicas'), replicas);
    });
  }

  it('keeps a standby warm at one replica, with room for all of the traffic', () => {
    const app = scaled(99.9, 20_000);
    const [primary, standby] = ['dubai', 'north'].map(
      (site) => documentOf(app, 'HorizontalPodAutoscaler', 'fraud', site).spec,
    );
    assert.equal(at(standby, 'minReplicas'), 1);
    assert.equal(at(standby, 'maxReplicas'), at(primary, 'maxReplicas'));
  });

  it('lets a node be drained of one pod at a time, of an unready one always', () => {
    assert.deepEqual(documentOf(scaled(), 'PodDisruptionBudget', 'fraud', 'dubai').spec, {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: {
        matchLabels: {
          'app.kubernetes.io/name': 'fraud',
          'app.kubernetes.io/component': 'model-server',
        },
      },
    });
  });
});
