import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { auditTree, dataFlows, GpuDevices, GpuSharing } from '../../../src';
import { at, documentOf, documents } from '../../support/manifests';
import { awsSite, gpuPool, there } from '../../support/pools';

const devices = GpuDevices.plugin({ name: 'nvidia/k8s-device-plugin', tag: 'v0.20.0' });

function plugin(app: App, sharing = GpuSharing.none()) {
  return gpuPool(awsSite(app), { ...there, devices, sharing });
}

describe('the device plugin of a pool', () => {
  it('runs on the pool’s nodes, from the site’s registry, as root without capabilities', () => {
    const app = new App();
    plugin(app);
    const daemonSet = documentOf(app, 'DaemonSet', 'nvidia-device-plugin');
    assert.equal(at(daemonSet, 'metadata', 'namespace'), 'bank-gpus');
    const pod = at(daemonSet, 'spec', 'template', 'spec');
    assert.deepEqual(at(pod, 'nodeSelector'), { 'manara.dev/pool': 'gpus' });
    assert.equal(
      at(pod, 'containers', 0, 'image'),
      'registry.bank.example/serving/nvidia/k8s-device-plugin:v0.20.0',
    );
    assert.deepEqual(at(pod, 'containers', 0, 'securityContext'), {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('has a namespace of its own, where nothing may connect', () => {
    const app = new App();
    plugin(app);
    assert.equal(
      at(
        documentOf(app, 'Namespace', 'bank-gpus'),
        'metadata',
        'labels',
        'pod-security.kubernetes.io/enforce',
      ),
      'privileged',
    );
    const policies = documents(app).filter(({ kind }) => kind === 'NetworkPolicy');
    assert.deepEqual(
      policies.map(({ metadata, spec }) => [at(metadata, 'namespace'), spec]),
      ['bank', 'bank-gpus'].map((namespace) => [
        namespace,
        { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      ]),
    );
  });

  it('passes the audit, which sees where its image comes from', () => {
    const app = new App();
    const pool = plugin(app);
    assert.deepEqual(
      auditTree(app).flatMap(({ violations }) => violations),
      [],
    );
    assert.deepEqual(
      pool[dataFlows]().map((flow) => [flow.kind, flow.status]),
      [
        ['storage', 'declared'],
        ['image', 'declared'],
      ],
    );
  });

  const config = (sharing: GpuSharing): unknown => {
    const app = new App();
    plugin(app, sharing);
    return at(documentOf(app, 'ConfigMap', 'nvidia-device-plugin'), 'data', 'config.yaml');
  };

  it('is told how GPUs are shared', () => {
    assert.equal(config(GpuSharing.none()), 'version: v1\nflags:\n  migStrategy: none\n');
    assert.equal(config(GpuSharing.mig('1g.10gb')), 'version: v1\nflags:\n  migStrategy: single\n');
    assert.equal(
      config(GpuSharing.timeSlicing(4)),
      `version: v1
flags:
  migStrategy: none
sharing:
  timeSlicing:
    failRequestsGreaterThanOne: true
    resources:
      - name: nvidia.com/gpu
        replicas: 4
`,
    );
  });

  it('has what watching partitions takes, where there are any', () => {
    const app = new App();
    plugin(app, GpuSharing.mig('1g.10gb'));
    const container = at(
      documentOf(app, 'DaemonSet', 'nvidia-device-plugin'),
      ...['spec', 'template', 'spec', 'containers', 0],
    );
    assert.deepEqual(at(container, 'securityContext', 'capabilities'), {
      drop: ['ALL'],
      add: ['SYS_ADMIN'],
    });
    assert.deepEqual(at(container, 'env'), [{ name: 'NVIDIA_MIG_MONITOR_DEVICES', value: 'all' }]);
  });

  it('is replaced when GPUs are shared in another way', () => {
    const annotation = (sharing: GpuSharing): unknown => {
      const app = new App();
      plugin(app, sharing);
      const path = ['spec', 'template', 'metadata', 'annotations', 'manara.dev/sharing'];
      return at(documentOf(app, 'DaemonSet', 'nvidia-device-plugin'), ...path);
    };
    assert.equal(annotation(GpuSharing.none()), 'none');
    assert.equal(annotation(GpuSharing.mig('1g.10gb')), '1g.10gb');
    assert.equal(annotation(GpuSharing.timeSlicing(4)), 'time-slicing-4');
  });
});
