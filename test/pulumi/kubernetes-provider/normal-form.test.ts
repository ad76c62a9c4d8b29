import assert from 'node:assert/strict';
import { normalForm } from './normal-form';

describe('the normal form', () => {
  const quantity = (limit: string): unknown =>
    (normalForm({ apiVersion: 'v1', limits: { x: limit } }).limits as { x: string }).x;

  it('has quantities in their shortest words', () => {
    assert.deepEqual(
      ['2000m', '350m', '1024Mi', '1048576Ki', '384Mi', '0', '0m', '1.5', '2'].map(quantity),
      ['2', '350m', '1Gi', '1Gi', '384Mi', '0', '0m', '1.5', '2'],
    );
  });

  it('leaves out empty lists, and zeros that mean nothing; not those that do', () => {
    const spec = { hostNetwork: false, externalIPs: [], podSelector: {}, replicas: 0, tty: true };
    assert.deepEqual(normalForm({ apiVersion: 'apps/v1', spec }).spec, {
      podSelector: {},
      replicas: 0,
      tty: true,
    });
  });

  it('leaves texts that only look like quantities alone', () => {
    const metadata = { labels: { version: '2000m' } };
    assert.deepEqual(normalForm({ apiVersion: 'v1', metadata }).metadata, metadata);
  });

  it('is not for the kinds of others', () => {
    const foreign = { apiVersion: 'example.test/v1', spec: { list: [], limits: { cpu: '2000m' } } };
    assert.deepEqual(normalForm(foreign), foreign);
    assert.deepEqual(normalForm({ apiVersion: 'networking.k8s.io/v1', spec: { ingress: [] } }), {
      apiVersion: 'networking.k8s.io/v1',
      spec: {},
    });
  });
});
