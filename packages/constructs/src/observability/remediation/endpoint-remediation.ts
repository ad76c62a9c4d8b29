import { remediation, type RemediationAction, remediationConfigMap } from '@manara/contract';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { LoweredWorkload } from '../../engines/lowering';
import type { Labels } from '../../peer';

/**
 * What the remediator may do about an endpoint: the table that it reads, and a role that names each object of
 * the table and no other. They come and go with the endpoint.
 */
export function addEndpointRemediation(
  scope: Construct,
  remediator: string,
  {
    workload,
    labels,
    actions,
  }: {
    readonly workload: LoweredWorkload;
    readonly labels: Labels;
    readonly actions: readonly RemediationAction[];
  },
): void {
  const below = new Construct(scope, 'remediation');
  const name = remediationConfigMap(workload.endpoint.name);
  const metadata = { name, labels: { ...labels } };
  new k8s.KubeConfigMap(below, 'table', {
    metadata,
    data: { [remediation.configMapKey]: `${JSON.stringify({ actions }, null, 2)}\n` },
  });
  new k8s.KubeRole(below, 'role', { metadata, rules: [...rulesFor(name, actions)] });
  new k8s.KubeRoleBinding(below, 'role-binding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [
      { kind: 'ServiceAccount', name: remediator, namespace: workload.site.namespaceName },
    ],
  });
}

function rulesFor(table: string, actions: readonly RemediationAction[]): readonly k8s.PolicyRule[] {
  const rules = new Map<string, k8s.PolicyRule>();
  const allow = (group: string, resource: string, name: string, ...verbs: string[]): void => {
    const rule = { apiGroups: [group], resources: [resource], resourceNames: [name], verbs };
    rules.set(JSON.stringify(rule), rule);
  };
  allow('', 'configmaps', table, 'get');
  for (const action of actions) {
    switch (action.kind) {
      case 'scaleOut':
        allow('autoscaling', 'horizontalpodautoscalers', action.autoscaler, 'get', 'patch');
        break;
      case 'fallBack':
        allow('apps', 'deployments', action.deployment, 'get', 'patch');
        break;
      case 'abortRollout':
        allow('argoproj.io', 'rollouts', action.rollout, 'get');
        allow('argoproj.io', 'rollouts/status', action.rollout, 'patch');
    }
  }
  return [...rules.values()];
}
