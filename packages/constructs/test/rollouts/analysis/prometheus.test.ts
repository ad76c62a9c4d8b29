import assert from 'node:assert/strict';
import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { App } from 'cdk8s';
import { CanaryRollout, type PrometheusProps } from '../../../src';
import { refuses } from '../../support/errors';
import { type UaePlace, untyped } from '../../support/fixtures';
import { documentOf } from '../../support/manifests';
import { rolledEndpoint } from '../support';

const place = 'aws:me-central-1';
const uri = 'https://prometheus.bank.example';

function gateWith(prometheus: PrometheusProps<UaePlace>): IAnalysisTemplate['spec'] {
  const endpoint = rolledEndpoint();
  new CanaryRollout(endpoint, 'rollout', { prometheus });
  const gate = documentOf(App.of(endpoint), 'AnalysisTemplate', 'fraud-gate');
  return (gate as unknown as IAnalysisTemplate).spec;
}

describe('prometheus', () => {
  it('is the one that the site’s metrics are stored in, unless another is given', () => {
    const other = 'http://prometheus.monitoring.svc:9090';
    const [metric] = gateWith({ place, uri: other }).metrics ?? [];
    assert.equal(metric?.provider.prometheus?.address, other);
  });

  it('is told a token that lies in a Secret', () => {
    const { args, metrics } = gateWith({ place, uri, token: { secret: 'metrics', key: 'token' } });
    assert.deepEqual(args?.at(-1), {
      name: 'prometheus-token',
      valueFrom: { secretKeyRef: { name: 'metrics', key: 'token' } },
    });
    assert.deepEqual(metrics?.[0]?.provider.prometheus?.headers, [
      { key: 'Authorization', value: 'Bearer {{args.prometheus-token}}' },
    ]);
  });

  it('is asked for the pods of the site’s own cluster', () => {
    const [metric] = gateWith({ place, uri, labels: { cluster: 'dubai "1"' } }).metrics ?? [];
    const query = metric?.provider.prometheus?.query ?? '';
    const selectors = query.match(/\{[^{}]*model=/g) ?? [];
    assert.equal(query.split('cluster="dubai \\"1\\""').length - 1, selectors.length);
  });

  it('is refused without an address, and with labels that no metric has', () => {
    refuses(
      () => gateWith({ place, uri: 'prometheus:9090' }),
      'MANARA_ROLLOUT',
      'prometheus.uri: expected the address of a Prometheus, https:// or http://; received "prometheus:9090"',
    );
    refuses(
      () => gateWith({ place, uri, labels: { 'kubernetes.io/name': 'x' } }),
      'MANARA_ROLLOUT',
      'prometheus.labels',
      'received "kubernetes.io/name"',
    );
    refuses(() => gateWith(untyped({ uri })), 'MANARA_PROP', 'prometheus.place');
  });
});
