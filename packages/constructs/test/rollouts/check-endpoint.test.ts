import { App } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  BlueGreenRollout,
  CanaryRollout,
  LogSink,
  MetricSink,
  none,
  Peer,
  ServingEngine,
  ShadowRollout,
} from '../../src';
import type { EngineLowering } from '../../src/engines/lowering';
import { refuses } from '../support/errors';
import { documents } from '../support/manifests';
import { noMesh, rolledEndpoint } from './support';

/** The bundled server, as if another engine, or other objects, had come of it. */
function engine(change: (lowering: EngineLowering) => EngineLowering): ServingEngine {
  const made = ServingEngine.onnx();
  return Object.assign(Object.create(ServingEngine.prototype), {
    lowering: change(made.lowering),
  }) as ServingEngine;
}

describe('a rollout', () => {
  for (const [name, Rollout] of Object.entries({
    CanaryRollout,
    BlueGreenRollout,
    ShadowRollout,
  })) {
    describe(name, () => {
      it('is one on an endpoint', () => {
        const endpoint = rolledEndpoint();
        new Rollout(endpoint, 'first');
        refuses(
          () => new CanaryRollout(endpoint, 'second'),
          'MANARA_ROLLOUT',
          '[bank/fraud/second]',
          'expected one rollout',
          'received a second beside "first"',
        );
      });

      it('refuses an engine without a Deployment', () => {
        const stateful = engine((lowering) => ({
          ...lowering,
          lower: (scope, workload) => ({
            ...lowering.lower(scope, workload),
            controller: new k8s.KubeStatefulSet(scope, 'stateful'),
          }),
        }));
        const endpoint = rolledEndpoint({ engine: stateful });
        refuses(
          () => new Rollout(endpoint, 'rollout'),
          'MANARA_ROLLOUT',
          `expected one that runs a Deployment, whose pods a ${name} replaces; received a StatefulSet on site "dubai"`,
        );
      });

      it('refuses an engine whose metrics say nothing of this', () => {
        const other = engine((lowering) => ({ ...lowering, kind: 'vllm' }));
        refuses(
          () => new Rollout(rolledEndpoint({ engine: other }), 'rollout'),
          'MANARA_ROLLOUT',
          'expected an engine whose metrics tell good pods from bad ones (onnx); received vllm',
        );
      });

      it('refuses an autoscaler that adds replicas for memory', () => {
        const target = { type: 'Utilization', averageUtilization: 70 };
        const metrics = [{ type: 'Resource', resource: { name: 'memory', target } }];
        const scaleTargetRef = { kind: 'Deployment', name: 'fraud' };
        const scaled = engine((lowering) => ({
          ...lowering,
          lower: (scope, workload) => ({
            ...lowering.lower(scope, workload),
            autoscaler: new k8s.KubeHorizontalPodAutoscalerV2(scope, 'other', {
              spec: { maxReplicas: 3, scaleTargetRef, metrics },
            }),
          }),
        }));
        refuses(
          () => new Rollout(rolledEndpoint({ engine: scaled }), 'rollout'),
          'MANARA_ROLLOUT',
          'autoscaler: a server',
          'received memory on site "dubai"',
        );
      });

      it('refuses a site whose metrics nobody collects, or nobody can be asked for', () => {
        const unseen = rolledEndpoint({}, { metrics: none('not yet') });
        refuses(
          () => new Rollout(unseen, 'rollout'),
          'MANARA_ROLLOUT',
          'prometheus: nothing collects the metrics of site "dubai"',
        );
        const place = 'aws:me-central-1';
        const scrapedBy = Peer.namespace('monitoring');
        const metrics = new MetricSink({ place, uri: 's3://bank-metrics', scrapedBy });
        refuses(
          () => new Rollout(rolledEndpoint({}, { metrics }), 'rollout'),
          'MANARA_ROLLOUT',
          'metrics of site "dubai": expected the address of a Prometheus',
          'received "s3://bank-metrics"',
        );
      });
    });
  }

  for (const [name, Rollout] of Object.entries({ CanaryRollout, ShadowRollout })) {
    it(`of requests that are divided or copied needs a mesh: ${name}`, () => {
      const endpoint = rolledEndpoint({}, noMesh);
      refuses(
        () => new Rollout(endpoint, 'rollout'),
        'MANARA_ROLLOUT',
        'mesh: ServiceMesh.istio(), or a BlueGreenRollout',
        'received none on site "dubai"',
      );
    });
  }

  for (const [name, Rollout] of Object.entries({ CanaryRollout, ShadowRollout })) {
    it(`has the requests alone that it divides or copies: ${name}`, () => {
      const headers = [{ header: 'x-cohort', equals: 'beta', version: 1 }];
      const endpoint = rolledEndpoint({ routes: { headers } });
      refuses(
        () => new Rollout(endpoint, 'rollout'),
        'MANARA_ROLLOUT',
        `routes and a ${name} lead the same requests`,
      );
    });
  }

  it('leaves everything else of its site to the residency check', () => {
    const place = 'aws:me-central-1';
    const logs = new LogSink({ place, uri: 'http://logs.bank.example' });
    const endpoint = rolledEndpoint({}, { logs });
    new CanaryRollout(endpoint, 'rollout');
    try {
      documents(App.of(endpoint));
    } catch (error) {
      if (String(error).includes('personal-data-is-encrypted')) return;
      throw error;
    }
    throw new Error('passed');
  });
});
