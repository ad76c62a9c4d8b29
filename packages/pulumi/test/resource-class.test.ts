import assert from 'node:assert/strict';
import { CustomResource } from '@pulumi/kubernetes/apiextensions';
import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Namespace } from '@pulumi/kubernetes/core/v1';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { ClusterRole } from '@pulumi/kubernetes/rbac/v1';
import { ResourceClaimTemplate } from '@pulumi/kubernetes/resource/v1';
import { resourceClass } from '../src/resource-class';

describe('resourceClass', () => {
  it('finds the typed class of a kind that Kubernetes has', () => {
    assert.equal(resourceClass('v1', 'Namespace'), Namespace);
    assert.equal(resourceClass('apps/v1', 'Deployment'), Deployment);
    assert.equal(resourceClass('networking.k8s.io/v1', 'NetworkPolicy'), NetworkPolicy);
    assert.equal(
      resourceClass('resource.k8s.io/v1', 'ResourceClaimTemplate'),
      ResourceClaimTemplate,
    );
    assert.equal(resourceClass('rbac.authorization.k8s.io/v1', 'ClusterRole'), ClusterRole);
  });

  const foreign = [
    ['argoproj.io/v1alpha1', 'Rollout'],
    ['networking.istio.io/v1', 'NetworkPolicy'],
    ['karpenter.sh/v1', 'NodePool'],
    ['karpenter.k8s.aws/v1', 'EC2NodeClass'],
    ['nvidia.com/v1', 'ClusterPolicy'],
    ['helm.sh/v3', 'Deployment'],
    ['apps/v9', 'Deployment'],
    ['apps/v1', 'Daemon'],
    ['../pulumi/v1', 'Resource'],
    ['', ''],
  ] as const;
  for (const [apiVersion, kind] of foreign) {
    it(`takes "${apiVersion}" ${kind} for a custom resource`, () => {
      assert.equal(resourceClass(apiVersion, kind), CustomResource);
    });
  }
});
