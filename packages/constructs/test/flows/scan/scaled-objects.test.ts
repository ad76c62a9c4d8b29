import assert from 'node:assert/strict';
import { findsIn } from '../../support/finds';
import { prometheus } from '../../scaling/support';

function evidence(type: string, metadata: object): readonly string[] {
  const spec = { scaleTargetRef: { name: 'app' }, triggers: [{ type, metadata }] };
  const manifest = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', spec };
  return findsIn(manifest, { metrics: prometheus }).map((find) => find.evidence);
}

describe('ScaledObjects', () => {
  it('may follow CPU, a schedule and the Prometheus of the site', () => {
    assert.deepEqual(evidence('cpu', { value: '70' }), []);
    assert.deepEqual(evidence('cron', { start: '0 8 * * *', end: '0 9 * * *' }), []);
    const serverAddress = 'https://prometheus.monitoring.svc:9090';
    assert.deepEqual(evidence('prometheus', { serverAddress }), []);
  });

  it('are refused where they have KEDA ask what no flow declares', () => {
    assert.deepEqual(evidence('prometheus', { serverAddress: 'https://metrics.example:9090' }), [
      'ScaledObject "plain" has KEDA ask https://metrics.example:9090, which no flow declares',
    ]);
    assert.deepEqual(evidence('redis-streams', { address: 'redis.elsewhere.example:6379' }), [
      'ScaledObject "plain" has KEDA ask redis.elsewhere.example:6379, which no flow declares',
    ]);
  });

  it('are refused where they follow something of which no flow is known', () => {
    assert.deepEqual(evidence('aws-sqs-queue', { queueURL: 'jobs' }), [
      'ScaledObject "plain" follows "aws-sqs-queue", of which no flow is known',
    ]);
  });
});
