import assert from 'node:assert/strict';
import { App } from 'cdk8s';
import { GpuSharing } from '../../../src';
import { at, documents } from '../../support/manifests';
import { awsSite, gpuPool } from '../../support/pools';

/** As far as the published schemas go: rules that only an API server evaluates are not among them. */
describe('Karpenter’s schemas', () => {
  it('accept every object of a pool with all there is', async () => {
    const { NodePool } = await import('@kubernetes-models/karpenter/karpenter.sh/v1');
    const { NodeOverlay } = await import('@kubernetes-models/karpenter/karpenter.sh/v1alpha1');
    const { EC2NodeClass } = await import('@kubernetes-models/karpenter/karpenter.k8s.aws/v1');
    const models = { NodePool, NodeOverlay, EC2NodeClass };
    const app = new App();
    gpuPool(awsSite(app), { spot: { floor: 1 }, sharing: GpuSharing.timeSlicing(2) });
    const own = documents(app).filter(({ kind }) => String(kind) in models);
    assert.deepEqual(
      own.map(({ kind }) => kind),
      ['EC2NodeClass', 'NodePool', 'NodePool', 'NodeOverlay'],
    );
    for (const document of own) {
      const Model = models[document.kind as keyof typeof models];
      new Model(document as never).validate();
      const broken = {
        ...document,
        spec: { ...(document.spec as object), limits: 4, tags: 4, capacity: 4 },
      };
      assert.throws(
        () => {
          new Model(broken as never).validate();
        },
        String(at(document, 'kind')),
      );
    }
  });
});
