import assert from 'node:assert/strict';
import { Duration } from 'cdk8s';
import {
  Autoscaling,
  late,
  type ModelEndpointProps,
  none,
  Peer,
  ScalingMetric,
  secretFile,
} from '../../src';
import { refuses } from '../support/errors';
import { newEndpoint, newSite, newZone, untyped, type UaePlace } from '../support/fixtures';
import { at, documentOf, documents } from '../support/manifests';
import { engine, officeHours, traffic, treeOf } from './support';

type Props = Partial<ModelEndpointProps<UaePlace>>;

const relaxed = { p99Latency: Duration.millis(100), availabilityPercent: 95 };
const idle = { ...traffic, quietRequestsPerSecond: 0 };
const gateway = 'sum(rate(istio_requests_total{destination_service_name="fraud"}[1m]))';

function scaledObject(props: Props): unknown {
  return documentOf(treeOf(props).app, 'ScaledObject', 'fraud', 'dubai').spec;
}

function planOf(props: Props) {
  const [workload] = treeOf(props).endpoint.workloads;
  assert(workload !== undefined);
  return workload.plan;
}

/** Jobs that servers share through a Redis. */
function jobs(redis: object = {}): Props['server'] {
  return {
    config: {
      jobs: { redis: { url: 'rediss://redis.data.svc:6379', ...redis } },
    },
    hosts: [{ host: 'redis.data.svc', place: 'aws:me-central-1', peer: Peer.namespace('data') }],
  };
}

describe('ScaledObject', () => {
  it('is the only one that owns the number of replicas', () => {
    const { app } = treeOf({ autoscaling: Autoscaling.keda() });
    const kinds = documents(app).map(({ kind }) => kind);
    assert(!kinds.includes('HorizontalPodAutoscaler'));
    assert.equal(kinds.filter((kind) => kind === 'ScaledObject').length, 1);
  });

  it('follows CPU by default, with the plan’s replicas and policies, and needs no fallback then', () => {
    const autoscaling = Autoscaling.keda();
    const plan = planOf({ autoscaling });
    const spec = scaledObject({ autoscaling });
    assert.deepEqual(at(spec, 'triggers'), [
      {
        type: 'cpu',
        metricType: 'Utilization',
        metadata: { value: String(plan.target.cpuPercent) },
      },
    ]);
    assert.deepEqual(at(spec, 'scaleTargetRef'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'fraud',
    });
    assert.equal(at(spec, 'minReplicaCount'), plan.minReplicas);
    assert.equal(at(spec, 'maxReplicaCount'), plan.maxReplicas);
    assert.equal(at(spec, 'fallback'), undefined);
    assert.equal(at(spec, 'cooldownPeriod'), undefined);
    const behavior = ['advanced', 'horizontalPodAutoscalerConfig', 'behavior'] as const;
    assert.equal(at(spec, ...behavior, 'scaleUp', 'policies', 1, 'value'), 200);
  });

  it('asks the site’s Prometheus for rates, and keeps the peak’s replicas while it says nothing', () => {
    const on = [ScalingMetric.requestRate(), ScalingMetric.inFlight()] as const;
    const autoscaling = Autoscaling.keda({ on });
    const { target, peakReplicas } = planOf({ autoscaling });
    const spec = scaledObject({ autoscaling });
    const pods = 'namespace="bank",model="fraud"';
    const shared = {
      serverAddress: 'https://prometheus.monitoring.svc:9090',
      ignoreNullValues: 'false',
    };
    assert.deepEqual(at(spec, 'triggers'), [
      {
        type: 'prometheus',
        metricType: 'AverageValue',
        metadata: {
          ...shared,
          query: `sum(rate(nv_inference_request_success{${pods}}[1m])) + (sum(rate(nv_inference_request_failure{${pods}}[1m])) or vector(0))`,
          threshold: String(Math.floor(target.requestsPerSecond * 1000) / 1000),
        },
      },
      {
        type: 'prometheus',
        metricType: 'AverageValue',
        metadata: {
          ...shared,
          query: `sum(rate(nv_inference_request_duration_us{${pods}}[1m])) / 1e6`,
          threshold: String(target.inFlight),
        },
      },
    ]);
    assert.deepEqual(at(spec, 'fallback'), {
      failureThreshold: 4,
      replicas: peakReplicas,
      behavior: 'currentReplicasIfHigher',
    });
  });

  it('begins busy hours a cold start early, and is at the least outside of them', () => {
    const autoscaling = Autoscaling.keda();
    const props = { autoscaling, traffic: { ...traffic, busyHours: officeHours } };
    const plan = planOf(props);
    const spec = scaledObject(props);
    assert(plan.quietReplicas < plan.minReplicas);
    assert.equal(at(spec, 'minReplicaCount'), plan.quietReplicas);
    assert.deepEqual(at(spec, 'triggers', 1), {
      type: 'cron',
      metadata: {
        timezone: 'Asia/Dubai',
        start: '59 7 * * 1,2,3,4,5',
        end: '0 18 * * 1,2,3,4,5',
        desiredReplicas: String(plan.minReplicas),
      },
    });
  });

  it('needs no schedule where day and night take the same', () => {
    const few = { peakRequestsPerSecond: 10, busyHours: officeHours };
    const spec = scaledObject({ autoscaling: Autoscaling.keda(), traffic: few });
    assert.equal((at(spec, 'triggers') as unknown[]).length, 1);
  });

  it('follows the length of the queue of jobs, in its own name of the stream', () => {
    const { app } = treeOf({
      autoscaling: Autoscaling.keda({ on: [ScalingMetric.cpu(), ScalingMetric.jobs()] }),
      server: jobs({
        url: 'rediss://redis.data.svc/3',
        username: 'server',
        prefix: 'bank',
        passwordFile: secretFile('redis', 'password'),
      }),
    });
    const { spec } = documentOf(app, 'ScaledObject', 'fraud', 'dubai');
    assert.deepEqual(at(spec, 'triggers', 1), {
      type: 'redis-streams',
      metricType: 'AverageValue',
      metadata: {
        address: 'redis.data.svc:6379',
        stream: '{bank}:queue',
        // Two at a time, 20 ms each, within a minute.
        streamLength: '6000',
        databaseIndex: '3',
        enableTLS: 'true',
        username: 'server',
      },
      authenticationRef: { name: 'fraud-jobs' },
    });
    assert.deepEqual(documentOf(app, 'TriggerAuthentication', 'fraud-jobs', 'dubai').spec, {
      secretTargetRef: [{ parameter: 'password', name: 'redis', key: 'password' }],
    });
  });

  it('takes a Redis whose address is late', () => {
    const { app } = treeOf({
      autoscaling: Autoscaling.keda({ on: [ScalingMetric.jobs()] }),
      server: {
        config: {
          jobs: { redis: { url: `rediss://${late('redis-host')}:6380/1` } },
        },
        hosts: [
          { host: late('redis-host'), place: 'aws:me-central-1', peer: Peer.namespace('data') },
        ],
      },
    });
    const values = { 'redis-host': 'redis.data.svc' };
    const { spec } = documentOf(app, 'ScaledObject', 'fraud', 'dubai', values);
    assert.deepEqual(
      ['address', 'databaseIndex', 'enableTLS'].map((key) =>
        at(spec, 'triggers', 0, 'metadata', key),
      ),
      ['redis.data.svc:6380', '1', 'true'],
    );
  });

  it('keeps a standby warm whatever the schedule, and awake', () => {
    const zoneSite = newSite(newZone(), 'dubai');
    const standby = newSite(zoneSite.zone, 'north', { place: 'azure:uaenorth' });
    const endpoint = newEndpoint(zoneSite, {
      engine,
      standby,
      objective: relaxed,
      traffic: { ...idle, busyHours: officeHours },
      autoscaling: Autoscaling.keda({ scaleToZero: true }),
    });
    const [primary, other] = endpoint.workloads.map(({ autoscaler }): unknown =>
      autoscaler.toJson(),
    );
    assert.equal(at(primary, 'spec', 'idleReplicaCount'), 0);
    assert.equal(at(other, 'spec', 'idleReplicaCount'), undefined);
    assert.equal(at(other, 'spec', 'minReplicaCount'), 1);
  });
});

describe('KEDA’s own schema', () => {
  const everything: Props = {
    traffic: { ...idle, busyHours: officeHours },
    autoscaling: Autoscaling.keda({
      on: [ScalingMetric.cpu(), ScalingMetric.inFlight(), ScalingMetric.jobs()],
      scaleToZero: true,
    }),
    server: jobs({ passwordFile: secretFile('redis', 'password') }),
  };

  it('takes both objects', async () => {
    const { ScaledObject, TriggerAuthentication } =
      await import('@kubernetes-models/keda/keda.sh/v1alpha1');
    const { app } = treeOf(everything);
    new ScaledObject(untyped(documentOf(app, 'ScaledObject', 'fraud'))).validate();
    new TriggerAuthentication(
      untyped(documentOf(app, 'TriggerAuthentication', 'fraud-jobs')),
    ).validate();
    const wrong = { ...documentOf(app, 'ScaledObject', 'fraud'), spec: { triggers: 'cpu' } };
    assert.throws(() => {
      new ScaledObject(untyped(wrong)).validate();
    });
  });
});

describe('scale to zero', () => {
  it('waits so long that cold starts stay within what the availability leaves', () => {
    const props = {
      objective: relaxed,
      traffic: idle,
      autoscaling: Autoscaling.keda({
        on: [ScalingMetric.requestRate(gateway)],
        scaleToZero: true,
      }),
    };
    const spec = scaledObject(props);
    assert.equal(at(spec, 'idleReplicaCount'), 0);
    assert.equal(at(spec, 'minReplicaCount'), planOf(props).minReplicas);
    assert.equal(at(spec, 'pollingInterval'), 15);
    // 60 s without answers, one in twenty: 19 × 60 s.
    assert.equal(at(spec, 'cooldownPeriod'), 1140);
    assert.equal(at(spec, 'triggers', 0, 'metadata', 'ignoreNullValues'), 'true');
    assert.match(planOf(props).why.at(-1) ?? '', /^No replicas after 1140 s without requests/);
  });

  it('follows the hours where nobody asks outside of them, whatever the availability', () => {
    const spec = scaledObject({
      traffic: { ...idle, busyHours: officeHours },
      autoscaling: Autoscaling.keda({ scaleToZero: true }),
    });
    assert.equal(at(spec, 'idleReplicaCount'), 0);
    assert.equal(at(spec, 'triggers', 1, 'type'), 'cron');
  });

  it('is refused where the objective does not permit it, with the nearest that does', () => {
    refuses(
      () =>
        treeOf({
          traffic: idle,
          autoscaling: Autoscaling.keda({
            on: [ScalingMetric.requestRate(gateway)],
            scaleToZero: true,
          }),
        }),
      'MANARA_OBJECTIVE',
      '[bank/fraud] autoscaling.scaleToZero: an availability of 99.9 % cannot be met from no replicas: each cold start answers nobody for 60 s; the nearest that can is 99.72 %, or a cold start of 21 s',
    );
  });

  it('is refused where somebody always asks', () => {
    const on = [ScalingMetric.requestRate(gateway)] as const;
    const autoscaling = Autoscaling.keda({ on, scaleToZero: true });
    refuses(
      () => treeOf({ autoscaling, objective: relaxed }),
      'MANARA_SCALING',
      '[bank/fraud] autoscaling.scaleToZero: expected traffic.quietRequestsPerSecond 0 beside it; received 400',
    );
    const unsaid = { peakRequestsPerSecond: 100 };
    refuses(
      () => treeOf({ autoscaling, objective: relaxed, traffic: unsaid }),
      'MANARA_SCALING',
      'quietRequestsPerSecond 0 beside it; received none',
    );
  });

  it('is refused where nothing tells when to wake', () => {
    for (const [on, received] of [
      [undefined, 'none'],
      [
        [ScalingMetric.requestRate(), ScalingMetric.cpu()],
        'ScalingMetric.requestRate(), ScalingMetric.cpu()',
      ],
    ] as const) {
      const autoscaling = Autoscaling.keda({ ...(on && { on: untyped(on) }), scaleToZero: true });
      refuses(
        () => treeOf({ autoscaling, objective: relaxed, traffic: idle }),
        'MANARA_SCALING',
        `expected what tells that somebody asks while there are no pods: ScalingMetric.requestRate(query), ScalingMetric.jobs() or traffic.busyHours; received ${received}`,
      );
    }
  });
});

describe('Autoscaling.keda refuses', () => {
  it('a rate on a site without a Prometheus', () => {
    const autoscaling = Autoscaling.keda({ on: [ScalingMetric.requestRate()] });
    const site = newSite(newZone(), 'dubai', { metrics: none('not collected') });
    refuses(
      () => newEndpoint(site, { autoscaling }),
      'MANARA_SCALING',
      `[bank/fraud] autoscaling.on: expected metrics: new MetricSink({ uri: 'https://…' }) of site "dubai", the Prometheus that KEDA asks; received none`,
    );
  });

  it('jobs of a server that shares none', () => {
    refuses(
      () => treeOf({ autoscaling: Autoscaling.keda({ on: [ScalingMetric.jobs()] }) }),
      'MANARA_SCALING',
      '[bank/fraud] autoscaling.on: ScalingMetric.jobs() expected server.config.jobs.redis, the queue that replicas share; received none',
    );
  });

  it('busy hours with no rest between them', () => {
    const busyHours = { ...officeHours, from: '00:00', to: '23:59' };
    refuses(
      () => treeOf({ autoscaling: Autoscaling.keda(), traffic: { ...traffic, busyHours } }),
      'MANARA_SCALING',
      'traffic.busyHours: expected a rest between them that is longer than a cold start of 45 s; received 00:00 to 23:59; leave them out',
    );
  });

  it('a query that is no text', () => {
    refuses(
      () => ScalingMetric.requestRate(' '),
      'MANARA_SCALING',
      '[ScalingMetric.requestRate] query: expected PromQL such as',
      'received " "',
    );
    refuses(
      () => Autoscaling.keda({ scaleToZero: untyped('yes') }),
      'MANARA_PROP',
      '[Autoscaling.keda] scaleToZero: expected true or false; received "yes"',
    );
  });
});
