import assert from 'node:assert/strict';
import type {
  IAnalysisTemplate,
  IRollout,
} from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { App, Duration } from 'cdk8s';
import { BlueGreenRollout, type BlueGreenRolloutProps } from '../../src';
import { refuses } from '../support/errors';
import { type UaePlace, untyped } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';
import { noMesh, rolledEndpoint } from './support';

function blueGreen(props: BlueGreenRolloutProps<UaePlace> = {}): App {
  const endpoint = rolledEndpoint({}, noMesh);
  new BlueGreenRollout(endpoint, 'rollout', props);
  return App.of(endpoint);
}

const strategyOf = (app: App) =>
  (documentOf(app, 'Rollout', 'fraud') as unknown as IRollout).spec.strategy?.blueGreen;

describe('BlueGreenRollout', () => {
  it('needs no mesh, and switches by itself between Services whose selectors are Argo’s alone', () => {
    const app = blueGreen();
    const strategy = strategyOf(app);
    assert.equal(strategy?.activeService, 'fraud');
    assert.equal(strategy.previewService, 'fraud-preview');
    assert.equal(strategy.autoPromotionEnabled, true);
    assert.equal(strategy.scaleDownDelaySeconds, 60);
    for (const name of ['fraud', 'fraud-preview']) {
      const service = documentOf(app, 'Service', name);
      assert.equal(at(service, 'spec', 'selector'), undefined);
      assert.deepEqual(at(service, 'spec', 'ports', 0), { name: 'http', port: 8000 });
    }
  });

  it('switches once every new pod is ready', () => {
    const app = blueGreen();
    assert.deepEqual(strategyOf(app)?.prePromotionAnalysis?.templates, [
      { templateName: 'fraud-ready' },
    ]);
    const template = documentOf(app, 'AnalysisTemplate', 'fraud-ready');
    const [metric] = (template as unknown as IAnalysisTemplate).spec.metrics ?? [];
    assert.equal(
      metric?.provider.prometheus?.query,
      'min(manara_model_ready{model="fraud",rollouts_pod_template_hash="{{args.canary-hash}}"})',
    );
    assert.equal(metric.successCondition, 'len(result) > 0 && result[0] == 1');
  });

  it('watches the new pods with all requests, and needs enough of them', () => {
    const rollout = new BlueGreenRollout(rolledEndpoint(), 'rollout');
    assert.equal(rollout.watched.toSeconds(), 600);
    const app = App.of(rollout);
    const after = strategyOf(app)?.postPromotionAnalysis;
    assert.deepEqual(after?.templates, [
      { templateName: 'fraud-gate' },
      { templateName: 'fraud-watch' },
    ]);
    assert.deepEqual(after.args?.slice(2), [
      { name: 'window', value: '1200s' },
      { name: 'samples-errors', value: '2869' },
      { name: 'samples-latency', value: '858' },
    ]);
    const watch = documentOf(app, 'AnalysisTemplate', 'fraud-watch');
    const metrics = (watch as unknown as IAnalysisTemplate).spec.metrics ?? [];
    assert.deepEqual(
      metrics.map(({ name, count, interval }) => [name, count, interval]),
      [
        ['errors-watched', 10, '60s'],
        ['latency-watched', 10, '60s'],
      ],
    );
  });

  it('watches longer where few requests come', () => {
    const quiet = rolledEndpoint({ traffic: { peakRequestsPerSecond: 10 } });
    assert.equal(new BlueGreenRollout(quiet, 'rollout').watched.toSeconds(), 2869);
  });

  it('wants previewed requests answered well, where a pipeline makes some', () => {
    const app = blueGreen({ previewRequests: 500 });
    const before = strategyOf(app)?.prePromotionAnalysis;
    assert.deepEqual(before?.templates, [
      { templateName: 'fraud-ready' },
      { templateName: 'fraud-preview-gate' },
    ]);
    assert.deepEqual(before.args?.slice(3), [
      { name: 'samples-errors', value: '500' },
      { name: 'samples-latency', value: '500' },
    ]);
  });

  it('refuses a watch that cannot tell, and a number of requests that is none', () => {
    refuses(
      () => blueGreen({ watched: Duration.minutes(2) }),
      'MANARA_ROLLOUT',
      'watched: expected at least 3 min',
      'received 2 min',
    );
    refuses(
      () => blueGreen({ previewRequests: 0 }),
      'MANARA_ROLLOUT',
      'previewRequests: expected a whole number above 0; received 0',
    );
    refuses(() => blueGreen(untyped({ watched: 5 })), 'MANARA_PROP', 'watched');
  });
});
