import assert from 'node:assert/strict';
import { ApiObject } from 'cdk8s';
import { Autoscaling, retarget, ScalingMetric } from '../../src';
import { newSite, untyped } from '../support/fixtures';
import { refuses } from '../support/errors';
import { at, documentOf } from '../support/manifests';
import { treeOf } from './support';

function specOf(on?: readonly [ScalingMetric, ...ScalingMetric[]]): unknown {
  const { app } = treeOf({ autoscaling: Autoscaling.hpa(on === undefined ? {} : { on }) });
  return documentOf(app, 'HorizontalPodAutoscaler', 'fraud', 'dubai').spec;
}

describe('HorizontalPodAutoscaler', () => {
  it('has the plan’s replicas, target, windows and policies', () => {
    const { app, endpoint } = treeOf();
    const [workload] = endpoint.workloads;
    assert(workload !== undefined);
    const { plan } = workload;
    const { spec } = documentOf(app, 'HorizontalPodAutoscaler', 'fraud', 'dubai');
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fraud' },
      minReplicas: plan.minReplicas,
      maxReplicas: plan.maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: plan.target.cpuPercent },
          },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: 4, periodSeconds: 15 },
            { type: 'Percent', value: 200, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: 1, periodSeconds: 60 },
            { type: 'Percent', value: 50, periodSeconds: 60 },
          ],
        },
      },
    });
    // 90 s of reaction, of two minutes in which the rate triples: 2.5 × as much to be carried meanwhile.
    assert.equal(plan.growthFactor, 2.5);
    assert.equal(workload.demand.coldStart.loadSeconds, 40);
    assert(plan.minReplicas > 3 && (plan.target.cpuPercent ?? 100) < 40);
  });

  it('leaves the number of replicas to it', () => {
    const { app } = treeOf();
    assert.equal(at(documentOf(app, 'Deployment', 'fraud').spec, 'replicas'), undefined);
  });

  it('follows requests in flight as a metric of pods, in thousandths', () => {
    const { app, endpoint } = treeOf({
      autoscaling: Autoscaling.hpa({ on: [ScalingMetric.inFlight()] }),
    });
    const { spec } = documentOf(app, 'HorizontalPodAutoscaler', 'fraud', 'dubai');
    const inFlight = endpoint.workloads[0]?.plan.target.inFlight ?? 0;
    assert.deepEqual(at(spec, 'metrics'), [
      {
        type: 'Pods',
        pods: {
          metric: { name: 'manara_requests_in_flight' },
          target: { type: 'AverageValue', averageValue: `${Math.round(inFlight * 1000)}m` },
        },
      },
    ]);
  });

  it('follows several at once', () => {
    const spec = specOf([ScalingMetric.cpu(), ScalingMetric.inFlight()]);
    assert.equal(at(spec, 'metrics', 0, 'type'), 'Resource');
    assert.equal(at(spec, 'metrics', 1, 'type'), 'Pods');
  });

  it('has no more replicas than there may be', () => {
    const { app } = treeOf({ autoscaling: Autoscaling.hpa({ mostReplicas: 20 }) });
    const { spec } = documentOf(app, 'HorizontalPodAutoscaler', 'fraud', 'dubai');
    assert.equal(at(spec, 'maxReplicas'), 20);
  });

  it('gives the pods the priority that is asked for', () => {
    const { app } = treeOf({ autoscaling: Autoscaling.hpa({ priorityClass: 'critical-serving' }) });
    const { spec } = documentOf(app, 'Deployment', 'fraud');
    assert.equal(at(spec, 'template', 'spec', 'priorityClassName'), 'critical-serving');
    refuses(
      () => Autoscaling.hpa({ priorityClass: 'Critical' }),
      'MANARA_SCALING',
      '[Autoscaling.hpa] priorityClass: expected the name of a PriorityClass such as critical-serving; received "Critical"',
    );
  });

  it('scales what took over the pods, once it is told', () => {
    const { app, site, endpoint } = treeOf();
    const rollout = new ApiObject(site, 'rollout', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'fraud' },
    });
    const [workload] = endpoint.workloads;
    assert(workload !== undefined);
    retarget(workload.autoscaler, rollout);
    const manifest: unknown = workload.autoscaler.toJson();
    assert.deepEqual(at(manifest, 'spec', 'scaleTargetRef'), {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'fraud',
    });
    assert(app.charts.length > 0);
  });
});

describe('Autoscaling.hpa refuses', () => {
  it('what only KEDA follows', () => {
    refuses(
      () => Autoscaling.hpa({ on: [ScalingMetric.jobs()] }),
      'MANARA_SCALING',
      '[Autoscaling.hpa] on: expected ScalingMetric.cpu(), .inFlight() or .gpu(); Autoscaling.keda() follows the others; received ScalingMetric.jobs()',
    );
  });

  it('a metric twice, and none', () => {
    const cpu = ScalingMetric.cpu();
    for (const [on, received] of [
      [[cpu, cpu], 'cpu, cpu'],
      [[], 'none'],
    ] as const) {
      refuses(
        () => Autoscaling.hpa({ on: untyped(on) }),
        'MANARA_SCALING',
        `on: expected each metric once, and one at least; received ${received}`,
      );
    }
  });

  for (const mostReplicas of [0, 1.5, -1, NaN]) {
    it(`at most ${mostReplicas} replicas`, () => {
      refuses(
        () => Autoscaling.hpa({ mostReplicas }),
        'MANARA_SCALING',
        `mostReplicas: expected a whole number above 0; received ${mostReplicas}`,
      );
    });
  }

  it('a metric that is none, and an autoscaling that is none', () => {
    refuses(
      () => Autoscaling.hpa({ on: untyped(['cpu']) }),
      'MANARA_PROP',
      '[Autoscaling.hpa] on.0: expected a ScalingMetric; received "cpu"',
    );
    refuses(
      () => treeOf({ autoscaling: untyped('keda') }),
      'MANARA_PROP',
      '[bank/fraud] autoscaling: expected an Autoscaling; received "keda"',
    );
  });

  it('the GPU, for an engine that runs on CPU', () => {
    refuses(
      () => specOf([ScalingMetric.gpu()]),
      'MANARA_SCALING',
      '[bank/fraud] autoscaling.on: expected a metric of what the engine’s inferences run on'.replace(
        '’',
        "'",
      ),
      'which is CPU; received ScalingMetric.gpu()',
    );
  });

  it('a peak that takes more replicas than there may be, with the nearest', () => {
    const error =
      /a peak of 2000 requests\/s takes \d+ replicas, and there may be 5; the nearest that they carry is [\d.]+ requests\/s/;
    assert.throws(() => treeOf({ autoscaling: Autoscaling.hpa({ mostReplicas: 5 }) }), error);
    assert.throws(
      () => treeOf({ autoscaling: Autoscaling.hpa({ mostReplicas: 5 }) }),
      /MANARA_OBJECTIVE/,
    );
  });

  it('leaves nothing in the tree of what it refused', () => {
    const { site } = treeOf();
    const other = newSite(site.zone, 'north', { place: 'azure:uaenorth' });
    assert.throws(() =>
      treeOf({ autoscaling: Autoscaling.hpa({ mostReplicas: 1 }), sites: [other] }),
    );
    assert.equal(other.node.tryFindChild('fraud'), undefined);
  });
});
