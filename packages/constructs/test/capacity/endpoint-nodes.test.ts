import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { refuses } from '../support/errors';
import { newEndpoint, newSite, newZone, untyped } from '../support/fixtures';
import { at, documentOf } from '../support/manifests';
import { awsSite, cpuPool, gpuPool } from '../support/pools';

const podOf = (app: App, folder?: string): unknown =>
  at(documentOf(app, 'Deployment', 'fraud', folder), 'spec', 'template', 'spec');

describe('nodes of an endpoint', () => {
  it('are any, unless pools are named', () => {
    const app = new App();
    newEndpoint(awsSite(app));
    const pod = podOf(app);
    for (const field of ['nodeSelector', 'tolerations', 'affinity']) {
      assert.equal(at(pod, field), undefined, field);
    }
  });

  it('are those of the pool, whose taints the pods tolerate', () => {
    const app = new App();
    const site = awsSite(app);
    const taints = [
      { key: 'team', value: 'fraud', effect: 'NoExecute' },
      { key: 'batch', effect: 'NoSchedule' },
    ] as const;
    newEndpoint(site, { nodes: [cpuPool(site, { taints })] });
    const pod = podOf(app);
    assert.deepEqual(at(pod, 'nodeSelector'), { 'manara.dev/pool': 'web' });
    assert.deepEqual(at(pod, 'tolerations'), [
      { key: 'team', operator: 'Equal', value: 'fraud', effect: 'NoExecute' },
      { key: 'batch', operator: 'Exists', effect: 'NoSchedule' },
    ]);
    assert.equal(at(pod, 'affinity'), undefined);
  });

  it('are the floor’s first, where some may be taken back', () => {
    const app = new App();
    const site = awsSite(app);
    newEndpoint(site, { nodes: [cpuPool(site, { spot: { floor: 1 } })] });
    assert.deepEqual(at(podOf(app), 'affinity', 'nodeAffinity'), {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          preference: {
            matchExpressions: [{ key: 'manara.dev/capacity', operator: 'In', values: ['floor'] }],
          },
        },
      ],
    });
  });

  it('are each site’s own', () => {
    const app = new App();
    const zone = newZone(app);
    const [dubai, sharjah] = [newSite(zone, 'dubai'), newSite(zone, 'sharjah')];
    newEndpoint(dubai, { sites: [dubai, sharjah], nodes: [cpuPool(sharjah)] });
    assert.equal(at(podOf(app, 'dubai'), 'nodeSelector'), undefined);
    assert.deepEqual(at(podOf(app, 'sharjah'), 'nodeSelector'), { 'manara.dev/pool': 'web' });
  });

  it('may be a standby’s', () => {
    const app = new App();
    const zone = newZone(app);
    const [dubai, sharjah] = [newSite(zone, 'dubai'), newSite(zone, 'sharjah')];
    newEndpoint(dubai, { standby: sharjah, nodes: [cpuPool(sharjah)] });
    assert.deepEqual(at(podOf(app, 'sharjah'), 'nodeSelector'), { 'manara.dev/pool': 'web' });
  });

  it('are refused of another site, and twice of one', () => {
    const zone = newZone();
    const [dubai, sharjah] = [newSite(zone, 'dubai'), newSite(zone, 'sharjah')];
    refuses(
      () => newEndpoint(dubai, { nodes: [cpuPool(sharjah)] }),
      'MANARA_CAPACITY',
      '[bank/fraud] nodes: expected pools of the endpoint\'s sites ("dubai"), one of each at most; received "bank/sharjah/web"',
    );
    refuses(
      () => newEndpoint(dubai, { nodes: [cpuPool(dubai), cpuPool(dubai, {}, 'other')] }),
      'MANARA_CAPACITY',
      'received "bank/dubai/other", the second of its site',
    );
    refuses(
      () => newEndpoint(dubai, { nodes: untyped(['web']) }),
      'MANARA_PROP',
      'nodes.0: expected a GpuNodePool or CpuNodePool; received "web"',
    );
  });

  it('are refused with GPUs that the engine leaves idle', () => {
    const site = awsSite();
    refuses(
      () => newEndpoint(site, { nodes: [gpuPool(site)] }),
      'MANARA_CAPACITY',
      '[bank/fraud] nodes: expected a CpuNodePool, as the pods use no GPU and would keep one idle; received the GpuNodePool "gpus"',
    );
  });

  it('are refused where not even an empty one has room for a pod', () => {
    const site = awsSite();
    const small = cpuPool(site, { instanceTypes: ['m6g.medium'] });
    const traffic = { peakRequestsPerSecond: 100_000 };
    refuses(
      () => newEndpoint(site, { nodes: [small], traffic }),
      'MANARA_CAPACITY',
      '[bank/fraud] nodes: expected a pool with a type that has room for a pod of',
      '"web" has m6g.medium 0.93 CPU, 3345 MiB',
    );
    assert.equal(site.node.tryFindChild('fraud'), undefined);
  });
});
