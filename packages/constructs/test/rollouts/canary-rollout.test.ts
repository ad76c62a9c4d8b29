import assert from 'node:assert/strict';
import type {
  IAnalysisTemplate,
  IRollout,
} from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { App, Duration } from 'cdk8s';
import { CanaryRollout, type CanaryRolloutProps, ServiceMesh } from '../../src';
import { newEndpoint, newSite, newZone, type UaePlace, untyped } from '../support/fixtures';
import { refuses } from '../support/errors';
import { at, documentOf, documents } from '../support/manifests';
import { metrics, outcomes, rolledEndpoint, twoVersions } from './support';

function canary(props: CanaryRolloutProps<UaePlace> = {}): App {
  const endpoint = rolledEndpoint();
  new CanaryRollout(endpoint, 'rollout', props);
  return App.of(endpoint);
}

const rolloutOf = (app: App, folder?: string) =>
  documentOf(app, 'Rollout', 'fraud', folder) as unknown as IRollout;
const canaryOf = (app: App) => rolloutOf(app).spec.strategy?.canary;

/** Asked as much at any time. */
const busy = { peakRequestsPerSecond: 200, quietRequestsPerSecond: 200 };

describe('CanaryRollout', () => {
  it('takes the pods over from the Deployment, whose replicas are nobody’s in the YAML', () => {
    const app = canary();
    const { spec } = rolloutOf(app);
    assert.deepEqual(spec.workloadRef, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'fraud',
      scaleDown: 'onsuccess',
    });
    assert(!('replicas' in spec) && !('selector' in spec) && !('template' in spec));
    assert.equal(at(documentOf(app, 'Deployment', 'fraud'), 'spec', 'replicas'), undefined);
    const autoscaler = documentOf(app, 'HorizontalPodAutoscaler', 'fraud');
    assert.deepEqual(at(autoscaler, 'spec', 'scaleTargetRef'), {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      name: 'fraud',
    });
    assert.equal(at(documentOf(app, 'PodDisruptionBudget', 'fraud'), 'spec', 'maxUnavailable'), 1);
  });

  it('gives new pods 5, 20 and 50 % of the requests, each as long as a quiet hour needs', () => {
    const rollout = new CanaryRollout(rolledEndpoint(), 'rollout');
    assert.deepEqual(rollout.steps, [
      { weight: 5, seconds: 1510 },
      { weight: 20, seconds: 449 },
      { weight: 50, seconds: 287 },
    ]);
    const steps = canaryOf(App.of(rollout))?.steps;
    assert.deepEqual(
      steps?.map((step) => step.setWeight ?? step.pause?.duration ?? 'analysis'),
      [5, '1510s', 'analysis', 20, '449s', 'analysis', 50, '287s', 'analysis'],
    );
  });

  it('asks each step for enough requests to tell ten times the error budget', () => {
    const step = canaryOf(canary())?.steps?.[2]?.analysis;
    assert.deepEqual(step?.templates, [{ templateName: 'fraud-gate' }]);
    assert.deepEqual(step.args, [
      { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
      { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
      { name: 'window', value: '3020s' },
      { name: 'samples-errors', value: '1510' },
      { name: 'samples-latency', value: '452' },
    ]);
  });

  it('pauses where too little was seen, ends where something is worse, and goes on where nothing is', () => {
    const gate = documentOf(
      canary(),
      'AnalysisTemplate',
      'fraud-gate',
    ) as unknown as IAnalysisTemplate;
    assert.deepEqual(
      gate.spec.metrics?.map(({ name, ...metric }) => [
        name,
        metric.successCondition,
        metric.failureCondition,
        metric.consecutiveSuccessLimit,
        metric.failureLimit,
        metric.inconclusiveLimit,
        metric.count,
        metric.interval,
      ]),
      ['errors', 'latency'].map((name) => [
        name,
        'len(result) > 0 && result[0] <= 3.91',
        'len(result) > 0 && result[0] > 3.91',
        1,
        0,
        26,
        27,
        '57s',
      ]),
    );
  });

  it('watches through all steps, from the first on', () => {
    const app = canary();
    const analysis = canaryOf(app)?.analysis;
    assert.deepEqual(analysis?.templates, [{ templateName: 'fraud-watch' }]);
    assert.equal(analysis.startingStep, 1);
    const watch = documentOf(
      app,
      'AnalysisTemplate',
      'fraud-watch',
    ) as unknown as IAnalysisTemplate;
    for (const metric of watch.spec.metrics ?? []) {
      assert.equal(metric.successCondition, undefined);
      assert.equal(metric.count, undefined);
      assert.equal(metric.failureLimit, 0);
    }
  });

  it('keeps the present pods until the new ones have all requests, and then until proxies know', () => {
    const strategy = canaryOf(canary());
    assert.equal(strategy?.dynamicStableScale, false);
    assert.equal(strategy.maxUnavailable, 0);
    assert.equal(strategy.scaleDownDelaySeconds, 60);
    assert.equal(strategy.abortScaleDownDelaySeconds, 60);
  });

  it('gives up on pods that do not start', () => {
    const { spec } = rolloutOf(canary());
    assert.equal(spec.progressDeadlineAbort, true);
    assert.equal(spec.progressDeadlineSeconds, 33 * 2 + 300 + 30);
  });

  it('divides the route of the mesh between subsets that have a rule of their own', () => {
    const app = canary();
    assert.deepEqual(canaryOf(app)?.trafficRouting?.istio, {
      virtualService: { name: 'fraud-weights', routes: ['primary', 'primary-grpc'] },
      destinationRule: {
        name: 'fraud-subsets',
        stableSubsetName: 'stable',
        canarySubsetName: 'canary',
      },
    });
    const subsets = documentOf(app, 'DestinationRule', 'fraud-subsets');
    const host = 'fraud.bank.svc.cluster.local';
    const labels = {
      'app.kubernetes.io/component': 'model-server',
      'app.kubernetes.io/name': 'fraud',
    };
    assert.deepEqual(subsets.spec, {
      host,
      subsets: [
        { name: 'stable', labels },
        { name: 'canary', labels },
      ],
    });
    assert.equal(at(documentOf(app, 'DestinationRule', 'fraud'), 'spec', 'subsets'), undefined);
    const http = at(documentOf(app, 'VirtualService', 'fraud-weights'), 'spec', 'http');
    assert.deepEqual(
      (http as readonly unknown[]).map((route) => [at(route, 'name'), at(route, 'route')]),
      [
        ['primary-grpc', 8001],
        ['primary', 8000],
      ].map(([name, number]) => [
        name,
        [
          { destination: { host, port: { number }, subset: 'stable' }, weight: 100 },
          { destination: { host, port: { number }, subset: 'canary' }, weight: 0 },
        ],
      ]),
    );
  });

  it('marks what is applied once, and puts it before what needs it', () => {
    const all = documents(canary());
    const marked = all.filter(
      (d) => at(d, 'metadata', 'labels', 'manara.dev/changed-by') !== undefined,
    );
    assert.deepEqual(
      marked.map((d) => [d.kind, at(d, 'metadata', 'name')]),
      [
        ['DestinationRule', 'fraud-subsets'],
        ['VirtualService', 'fraud-weights'],
      ],
    );
    const place = (kind: string) => all.findIndex((d) => d.kind === kind);
    assert(place('Deployment') < place('Rollout'));
    assert(place('AnalysisTemplate') < place('Rollout'));
    assert(place('VirtualService') < place('Rollout'));
    assert(place('Rollout') < place('HorizontalPodAutoscaler'));
  });

  it('acts on every site that carries the traffic, and leaves a standby its Deployment', () => {
    const zone = newZone();
    const mesh = ServiceMesh.istio();
    const dubai = newSite(zone, 'dubai', { mesh, metrics });
    const ruwais = newSite(zone, 'ruwais', { mesh, metrics });
    const north = newSite(zone, 'north', { place: 'azure:uaenorth', mesh });
    const traffic = { peakRequestsPerSecond: 100, quietRequestsPerSecond: 40 };
    const endpoint = newEndpoint(dubai, { sites: [dubai, ruwais], standby: north, traffic });
    const app = App.of(zone);
    const { steps } = new CanaryRollout(endpoint, 'rollout');
    // Each site has half of the requests.
    assert.deepEqual(steps[0], { weight: 5, seconds: 1510 });
    for (const folder of ['dubai', 'ruwais']) assert.equal(rolloutOf(app, folder).kind, 'Rollout');
    assert.throws(() => rolloutOf(app, 'north'), /No Rollout/);
    const autoscaler = documentOf(app, 'HorizontalPodAutoscaler', 'fraud', 'north');
    assert.equal(at(autoscaler, 'spec', 'scaleTargetRef', 'kind'), 'Deployment');
  });

  it('takes steps that are given, as long as each can tell', () => {
    const steps = [
      { weight: 10, duration: Duration.minutes(5) },
      { weight: 60, duration: Duration.minutes(2) },
    ];
    const { steps: taken } = new CanaryRollout(rolledEndpoint({ traffic: busy }), 'rollout', {
      steps,
    });
    assert.deepEqual(taken, [
      { weight: 10, seconds: 300 },
      { weight: 60, seconds: 120 },
    ]);
  });

  for (const [weights, ...texts] of [
    [[], 'steps: expected at least one; received none'],
    [[0], 'steps.0.weight: expected a whole percentage from 1 to 99; received 0'],
    [[100], 'steps.0.weight', 'received 100'],
    [[2.5], 'steps.0.weight', 'received 2.5'],
    [[NaN], 'steps.0.weight', 'received NaN'],
    [[20, 20], 'steps.1.weight: expected more than the 20 before it; received 20'],
    [[50, 20], 'steps.1.weight: expected more than the 50 before it; received 20'],
  ] as const) {
    it(`refuses the weights ${weights.join(', ') || 'of no step'}`, () => {
      const steps = weights.map((weight) => ({ weight, duration: Duration.hours(2) }));
      const texted = [...texts, 'bank/fraud/rollout'];
      refuses(() => canary({ steps }), 'MANARA_ROLLOUT', ...texted);
    });
  }

  it('refuses a step that ends before enough was seen, and says how long that takes', () => {
    const steps = [{ weight: 5, duration: Duration.minutes(10) }];
    refuses(
      () => canary({ steps }),
      'MANARA_ROLLOUT',
      'steps.0.duration: expected at least 26 min, in which 5 % of a quiet site’s'.replace(
        '’',
        "'",
      ),
      'received 10 min',
    );
  });

  it('begins with more where 5 % would take too long, and refuses what can never tell', () => {
    const weights = (longest: Duration) =>
      new CanaryRollout(rolledEndpoint(), 'rollout', { longest }).steps.map((s) => s.weight);
    assert.deepEqual(weights(Duration.minutes(30)), [10, 50]);
    assert.deepEqual(weights(Duration.minutes(15)), [20, 50]);
    assert.deepEqual(weights(Duration.minutes(5)), [50]);
    refuses(
      () => weights(Duration.minutes(4)),
      'MANARA_ROLLOUT',
      'longest: even a canary of 50 % takes 5 min to see the 2869 requests',
      'at 20 a second',
      'received 4 min',
    );
    const quiet = rolledEndpoint({ traffic: { peakRequestsPerSecond: 1 } });
    refuses(
      () => new CanaryRollout(quiet, 'rollout'),
      'MANARA_ROLLOUT',
      'takes 16 h',
      'received 6 h',
    );
  });

  it('goes by the busy hours of an endpoint that nobody asks at night', () => {
    const asleep = { peakRequestsPerSecond: 200, quietRequestsPerSecond: 0 };
    const rollout = new CanaryRollout(rolledEndpoint({ traffic: asleep }), 'rollout');
    assert.deepEqual(rollout.steps[0], { weight: 5, seconds: 1510 });
  });

  it('judges quality by version where outcomes are told, as long as these take to come in', () => {
    const endpoint = rolledEndpoint({ versions: twoVersions, server: outcomes });
    const quality = { largestDropPercent: 5, outcomesPercent: 20 };
    const { steps } = new CanaryRollout(endpoint, 'rollout', {
      quality,
      longest: Duration.days(2),
    });
    assert.deepEqual(steps[0], { weight: 5, seconds: 14140 });
    const app = App.of(endpoint);
    const gate = documentOf(app, 'AnalysisTemplate', 'fraud-gate') as unknown as IAnalysisTemplate;
    const [, , metric] = gate.spec.metrics ?? [];
    assert.equal(metric?.name, 'quality');
    const query = metric.provider.prometheus?.query ?? '';
    assert(
      query.includes('manara_variant_outcomes_total{model="fraud",version=~"2",match="true"}'),
    );
    assert(query.includes('manara_variant_outcomes_total{model="fraud",version!~"2"}'));
  });

  it('declares what the controller is told, which is not about anybody', () => {
    const endpoint = rolledEndpoint();
    const prometheus = {
      place: 'aws:me-central-1',
      uri: 'http://prometheus.monitoring.svc:9090',
    } as const;
    new CanaryRollout(endpoint, 'rollout', { prometheus });
    assert.doesNotThrow(() => documents(App.of(endpoint)));
  });

  it('is held to the zone: a Prometheus elsewhere is refused', () => {
    const endpoint = rolledEndpoint();
    const prometheus = { place: 'aws:eu-west-1', uri: 'https://prometheus.example' };
    new CanaryRollout(endpoint, 'rollout', untyped({ prometheus }));
    assert.throws(() => documents(App.of(endpoint)), /metric flow of bank\/fraud\/rollout/);
  });

  it('is not in the tree where it is refused', () => {
    const endpoint = rolledEndpoint();
    assert.throws(() => new CanaryRollout(endpoint, 'rollout', { steps: [] }));
    assert.equal(endpoint.node.tryFindChild('rollout'), undefined);
    assert.doesNotThrow(() => new CanaryRollout(endpoint, 'rollout'));
  });

  it('refuses props of another kind', () => {
    refuses(() => canary(untyped({ longest: 6 })), 'MANARA_PROP', 'longest: expected a Duration');
    refuses(() => canary(untyped({ steps: [{ weight: 5 }] })), 'MANARA_PROP', 'steps.0.duration');
  });
});
