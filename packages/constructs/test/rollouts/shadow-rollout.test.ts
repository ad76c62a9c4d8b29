import assert from 'node:assert/strict';
import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { App, Duration } from 'cdk8s';
import { Peer, secretFile, ShadowRollout, type ShadowRolloutProps, type Traffic } from '../../src';
import { refuses } from '../support/errors';
import type { UaePlace } from '../support/fixtures';
import { documentOf } from '../support/manifests';
import { outcomes, rolledEndpoint, twoVersions } from './support';

function stepsOf(
  props: ShadowRolloutProps<UaePlace> = {},
  traffic: Traffic = { peakRequestsPerSecond: 200 },
) {
  const endpoint = rolledEndpoint({ versions: twoVersions, traffic });
  new ShadowRollout(endpoint, 'rollout', props);
  const rollout = documentOf(App.of(endpoint), 'Rollout', 'fraud') as unknown as IRollout;
  return rollout.spec.strategy?.canary;
}

describe('ShadowRollout', () => {
  it('copies inferences over REST and nothing else, until enough were seen; then gives new pods all requests', () => {
    const canary = stepsOf();
    assert.deepEqual(canary?.trafficRouting?.managedRoutes, [{ name: 'shadow' }]);
    const [scale, mirror, pause, analysis, end, follow, ...more] = canary.steps ?? [];
    assert.deepEqual(scale, { setCanaryScale: { weight: 100 } });
    assert.deepEqual(mirror?.setMirrorRoute, {
      name: 'shadow',
      percentage: 100,
      match: [
        { path: { exact: '/v2/models/fraud/infer' } },
        { path: { exact: '/v2/models/fraud/versions/1/infer' } },
        { path: { exact: '/v2/models/fraud/versions/2/infer' } },
      ],
    });
    assert.deepEqual(pause, { pause: { duration: '144s' } });
    assert.deepEqual(analysis?.analysis?.templates, [{ templateName: 'fraud-gate' }]);
    assert.deepEqual(analysis.analysis.args?.slice(3), [
      { name: 'samples-errors', value: '2869' },
      { name: 'samples-latency', value: '858' },
    ]);
    assert.deepEqual(end, { setMirrorRoute: { name: 'shadow' } });
    assert.deepEqual(follow, { setCanaryScale: { matchTrafficWeight: true } });
    assert.deepEqual(more, []);
    assert.equal(canary.analysis?.startingStep, 2);
  });

  it('copies a part, with as many pods, for as long as that takes', () => {
    const [scale, mirror, pause] = stepsOf({ percent: 10 })?.steps ?? [];
    assert.deepEqual(scale, { setCanaryScale: { weight: 10 } });
    assert.equal(mirror?.setMirrorRoute?.percentage, 10);
    assert.deepEqual(pause, { pause: { duration: '789s' } });
  });

  for (const percent of [0, 101, 1.5, NaN]) {
    it(`refuses ${percent} %`, () => {
      refuses(() => stepsOf({ percent }), 'MANARA_ROLLOUT', 'percent: expected a whole percentage');
    });
  }

  it('refuses a time that cannot tell', () => {
    refuses(
      () => stepsOf({ duration: Duration.minutes(1) }),
      'MANARA_ROLLOUT',
      'duration: expected at least 3 min, in which 100 %',
      'received 60 s',
    );
    refuses(
      () => stepsOf({ percent: 50 }, { peakRequestsPerSecond: 1 }),
      'MANARA_ROLLOUT',
      'take 12 h to tell',
      '6 h at most',
    );
  });

  it('refuses what a copy of a request would change: counts, states and reports that pods share', () => {
    const redis = { url: 'rediss://redis.bank.example' };
    const host = {
      host: 'redis.bank.example',
      place: 'aws:me-central-1',
      peer: Peer.addresses('10.30.0.0/24'),
    } as const;
    const cache = { redis, keyFile: secretFile('cache', 'key') };
    const cached = { config: { cache }, hosts: [host] };
    for (const [server, part] of [
      [outcomes, 'variants'],
      [cached, 'cache.redis'],
    ] as const) {
      const endpoint = rolledEndpoint({ versions: twoVersions, server });
      refuses(
        () => new ShadowRollout(endpoint, 'rollout'),
        'MANARA_ROLLOUT',
        `server.config.${part}: a copy of a request`,
      );
    }
  });
});
