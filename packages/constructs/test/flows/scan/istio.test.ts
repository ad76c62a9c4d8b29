import assert from 'node:assert/strict';
import { late } from '../../../src';
import { findsIn } from '../../support/finds';

const entry = (spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  spec,
});

const evidence = (manifest: Parameters<typeof findsIn>[0]) =>
  findsIn(manifest).map((find) => find.evidence);

describe('istio', () => {
  it('finds a host that no flow declares', () => {
    assert.deepEqual(evidence(entry({ hosts: ['scores.vendor.example'] })), [
      'ServiceEntry "plain" leads to "scores.vendor.example", which no flow declares',
    ]);
  });

  it('finds every host, where a wildcard stands for them', () => {
    assert.deepEqual(evidence(entry({ hosts: ['*.amazonaws.com'] })), [
      'ServiceEntry "plain" leads to "*.amazonaws.com", which no flow declares',
    ]);
  });

  it('lets the hosts of a declared bucket pass', () => {
    for (const host of [
      'bank-models.s3.me-central-1.amazonaws.com',
      's3.me-central-1.amazonaws.com',
      'sts.me-central-1.amazonaws.com',
    ]) {
      assert.deepEqual(evidence(entry({ hosts: [host] })), []);
    }
  });

  it('finds another bucket, and another region', () => {
    for (const host of [
      'other.s3.me-central-1.amazonaws.com',
      'bank-models.s3.eu-west-1.amazonaws.com',
    ]) {
      assert.ok(
        evidence(entry({ hosts: [host] })).includes(
          `ServiceEntry "plain" leads to "${host}", which no flow declares`,
        ),
        host,
      );
    }
  });

  it('judges addresses, of an entry, of its endpoints and of a workload', () => {
    const found = (address: string) => `leads to ${address}, which no declared flow explains`;
    const byAddress = (address: string) =>
      evidence(entry({ hosts: ['store.internal'], addresses: [address] }));
    assert.deepEqual(byAddress('10.20.0.7'), []);
    assert.deepEqual(byAddress('10.20.0.7/32'), []);
    assert.deepEqual(byAddress('203.0.113.7'), [`ServiceEntry "plain" ${found('203.0.113.7')}`]);
    const leading = entry({
      hosts: ['s3.me-central-1.amazonaws.com'],
      endpoints: [{ address: '203.0.113.7' }, { address: '10.20.0.9' }],
    });
    assert.deepEqual(evidence(leading), [`ServiceEntry "plain" ${found('203.0.113.7')}`]);
    const workload = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'WorkloadEntry',
      spec: { address: 'vm.vendor.example' },
    };
    assert.deepEqual(evidence(workload), [`WorkloadEntry "plain" ${found('vm.vendor.example')}`]);
  });

  it('finds pods that may reach any host', () => {
    const sidecar = (mode: string) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      spec: { outboundTrafficPolicy: { mode } },
    });
    assert.deepEqual(evidence(sidecar('ALLOW_ANY')), ['Sidecar "plain" lets pods reach any host']);
    assert.deepEqual(evidence(sidecar('REGISTRY_ONLY')), []);
  });

  it('finds a host of a late value that no flow declares', () => {
    const host = late('vendor-host');
    assert.deepEqual(evidence(entry({ hosts: [host] })), [
      `ServiceEntry "plain" leads to "${host}", which no flow declares`,
    ]);
  });
});
