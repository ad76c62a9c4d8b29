import assert from 'node:assert/strict';
import { findsIn } from '../../support/finds';

const policy = (repository: string) => ({
  apiVersion: 'nvidia.com/v1',
  kind: 'ClusterPolicy',
  spec: { devicePlugin: { enabled: true, repository, image: 'plugin', version: 'v1' } },
});

const nodeClass = (spec: object) => ({
  apiVersion: 'karpenter.k8s.aws/v1',
  kind: 'EC2NodeClass',
  spec,
});

describe('objects that make nodes, or run something on them', () => {
  for (const [repository, expected] of [
    ['registry.bank.example/serving', 0],
    ['registry.bank.example/serving/nvidia', 0],
    ['registry.bank.example/serving2', 1],
    ['nvcr.io/nvidia', 1],
  ] as const) {
    it(`${expected === 0 ? 'let' : 'do not let'} NVIDIA’s operator pull from ${repository}`, () => {
      assert.deepEqual(
        findsIn(policy(repository))
          .filter(({ kind }) => kind === 'image')
          .map(({ evidence }) => evidence),
        [
          `ClusterPolicy "plain" has images pulled from "${repository}", which is not the site's registry`,
        ].slice(0, expected),
      );
    });
  }

  it('give no node a public address', () => {
    const evidence =
      'EC2NodeClass "plain" may give nodes public addresses, by which they reach anything';
    for (const spec of [
      {},
      { associatePublicIPAddress: true },
      { associatePublicIPAddress: false, networkInterfaces: [{ deviceIndex: 0 }] },
    ]) {
      assert.deepEqual(
        findsIn(nodeClass(spec)).map((find) => find.evidence),
        [evidence],
      );
    }
    assert.deepEqual(findsIn(nodeClass({ associatePublicIPAddress: false })), []);
  });

  for (const [apiVersion, kind] of [
    ['karpenter.sh/v1', 'NodePool'],
    ['karpenter.sh/v1alpha1', 'NodeOverlay'],
    ['karpenter.azure.com/v1beta1', 'AKSNodeClass'],
    ['resource.k8s.io/v1', 'ResourceClaimTemplate'],
    ['resource.k8s.io/v1', 'DeviceClass'],
  ] as const) {
    it(`may be a ${kind}, which moves nothing by itself`, () => {
      assert.deepEqual(findsIn({ apiVersion, kind }), []);
    });
  }
});
