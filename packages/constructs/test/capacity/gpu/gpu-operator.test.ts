import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import {
  auditTree,
  GpuDevices,
  GpuOperator,
  type GpuOperatorProps,
  GpuSharing,
  manifestFiles,
  type Site,
} from '../../../src';
import { refuses } from '../../support/errors';
import { type UaePlace, untyped } from '../../support/fixtures';
import { at, documentOf } from '../../support/manifests';
import { awsSite, gpuPool, there } from '../../support/pools';

const tagged = (name: string) => ({ name: `nvidia/${name}`, tag: 'v1' });
const images = { validator: tagged('gpu-operator'), devicePlugin: tagged('k8s-device-plugin') };

function operator(site: Site<UaePlace>, props: Partial<GpuOperatorProps> = {}) {
  return new GpuOperator(site, 'gpu-operator', { images, ...props });
}

describe('GpuOperator', () => {
  it('is a ClusterPolicy whose images are the site’s, and what has none does not run', () => {
    const app = new App();
    const digest = `sha256:${'b'.repeat(64)}`;
    operator(awsSite(app), {
      images: {
        ...images,
        migManager: { ...tagged('mig-manager'), digest },
        dcgmExporter: { name: 'dcgm', tag: '4' },
      },
    });
    const policy = documentOf(app, 'ClusterPolicy', 'cluster-policy');
    assert.equal(at(policy, 'metadata', 'namespace'), undefined);
    const repository = 'registry.bank.example/serving/nvidia';
    const off = { enabled: false };
    assert.deepEqual(policy.spec, {
      operator: { runtimeClass: 'nvidia' },
      daemonsets: {
        priorityClassName: 'system-node-critical',
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
      },
      validator: { repository, image: 'gpu-operator', version: 'v1' },
      driver: off,
      toolkit: off,
      devicePlugin: {
        enabled: true,
        repository,
        image: 'k8s-device-plugin',
        version: 'v1',
        config: { name: 'manara-device-plugin', default: 'default' },
      },
      mig: { strategy: 'single' },
      migManager: { enabled: true, repository, image: 'mig-manager', version: digest },
      gfd: off,
      dcgm: off,
      dcgmExporter: {
        enabled: true,
        repository: 'registry.bank.example/serving',
        image: 'dcgm',
        version: '4',
      },
      nodeStatusExporter: off,
    });
  });

  it('has a configuration of the device plugin for each way of sharing, in the operator’s namespace', () => {
    const app = new App();
    operator(awsSite(app), { timeSlicing: [2, 4], namespace: 'nvidia' });
    const config = documentOf(app, 'ConfigMap', 'manara-device-plugin');
    assert.equal(at(config, 'metadata', 'namespace'), 'nvidia');
    assert.deepEqual(Object.keys(config.data as object), [
      'default',
      'time-slicing-2',
      'time-slicing-4',
    ]);
    assert.match(String(at(config, 'data', 'default')), /migStrategy: single/);
    assert.match(String(at(config, 'data', 'time-slicing-4')), /replicas: 4/);
  });

  it('passes the audit, which sees where its images come from', () => {
    const app = new App();
    operator(awsSite(app));
    const audits = auditTree(app);
    assert.deepEqual(
      audits.flatMap(({ violations }) => violations),
      [],
    );
    const flows = audits.flatMap((audit) => audit.flows);
    assert.deepEqual(
      flows.map(({ kind, owner }) => [kind, owner]),
      [['image', 'bank/dubai/gpu-operator']],
    );
  });

  it('refuses to lack what a pool asks of it', () => {
    const app = new App();
    const site = awsSite(app);
    const devices = GpuDevices.operator();
    operator(site, { timeSlicing: [2] });
    gpuPool(site, { ...there, devices, sharing: GpuSharing.mig('1g.10gb') }, 'mig');
    gpuPool(site, { ...there, devices, sharing: GpuSharing.timeSlicing(4) }, 'sliced');
    gpuPool(site, { ...there, devices, sharing: GpuSharing.timeSlicing(2) }, 'halved');
    gpuPool(site, { ...there, sharing: GpuSharing.timeSlicing(8) }, 'other');
    assert.throws(
      () => manifestFiles(app),
      ({ message }: Error) => {
        assert.match(
          message,
          /\[bank\/dubai\/gpu-operator\] images\.migManager: expected the image that partitions GPUs for pool "mig"; received nothing \(MANARA_CAPACITY\)/,
        );
        assert.match(
          message,
          /timeSlicing: expected 4 among them, for pool "sliced"; received 2 \(MANARA_CAPACITY\)/,
        );
        assert.doesNotMatch(message, /halved|other/);
        return true;
      },
    );
  });

  it('refuses images, namespaces and shares that are none', () => {
    const bad = { name: 'x', tag: '' };
    refuses(
      () => operator(awsSite(), { images: { ...images, toolkit: bad } }),
      'MANARA_CAPACITY',
      '[bank/dubai/gpu-operator] images.toolkit.tag: expected the tag of an image',
    );
    refuses(() => operator(awsSite(), { namespace: 'GPU' }), 'MANARA_NAME', 'namespace');
    refuses(() => operator(awsSite(), { timeSlicing: [1] }), 'MANARA_CAPACITY', 'replicas');
    refuses(() => operator(awsSite(), untyped({ images: {} })), 'MANARA_PROP', 'images.validator');
  });
});
