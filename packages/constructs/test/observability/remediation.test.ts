import assert from 'node:assert/strict';
import { parseRemediationTable } from '@manara/contract';
import { App, Duration } from 'cdk8s';
import {
  auditTree,
  type ModelEndpointProps,
  ModelVersion,
  none,
  Peer,
  Remediation,
  type RemediationProps,
} from '../../src';
import { newArtifact, newEndpoint, untyped, type UaePlace } from '../support/fixtures';
import { refuses } from '../support/errors';
import { at, documentOf, documents } from '../support/manifests';
import { watchedSite } from './support';

const remediation: RemediationProps = {
  apiServer: Peer.addresses('10.40.0.1/32'),
  alertmanager: Peer.pods('monitoring', { 'app.kubernetes.io/name': 'alertmanager' }),
};

function tree(
  props: Partial<RemediationProps> = {},
  endpoint: Partial<ModelEndpointProps<UaePlace>> = {},
): App {
  const app = new App();
  newEndpoint(watchedSite({ remediation: { ...remediation, ...props } }, {}, app), endpoint);
  return app;
}

function tableOf(app: App) {
  const document = documentOf(app, 'ConfigMap', 'fraud-remediation');
  return parseRemediationTable(String(at(document, 'data', 'remediation.json'))).actions;
}

const versions: ModelEndpointProps<UaePlace>['versions'] = [
  new ModelVersion(1, newArtifact()),
  new ModelVersion(2, newArtifact({ key: 'fraud/2/model.onnx' })),
  new ModelVersion(3, newArtifact({ key: 'fraud/3/model.onnx' })),
];

describe('remediation', () => {
  it('ties alerts that an endpoint has to actions, each with its bounds', () => {
    assert.deepEqual(tableOf(tree()), [
      {
        kind: 'scaleOut',
        autoscaler: 'fraud',
        percent: 50,
        maxReplicas: 6,
        alert: 'ManaraRequestsRefused',
        coolDownSeconds: 600,
      },
      {
        kind: 'scaleOut',
        autoscaler: 'fraud',
        percent: 50,
        maxReplicas: 6,
        alert: 'ManaraLatencyFastBurn',
        coolDownSeconds: 600,
      },
      {
        kind: 'abortRollout',
        rollout: 'fraud',
        alert: 'ManaraAvailabilityFastBurn',
        coolDownSeconds: 600,
      },
      {
        kind: 'abortRollout',
        rollout: 'fraud',
        alert: 'ManaraLatencyFastBurn',
        coolDownSeconds: 600,
      },
    ]);
  });

  it('marks those alerts, and no others, for the route to the remediator', () => {
    const app = tree({ actions: [Remediation.scaleOut()] });
    const rules = (at(documentOf(app, 'PrometheusRule', 'fraud'), 'spec', 'groups') as object[])
      .flatMap((group) => at(group, 'rules') as object[])
      .filter((rule) => at(rule, 'labels', 'remediation') === 'true')
      .map((rule) => at(rule, 'alert'));
    assert.deepEqual(rules, ['ManaraLatencyFastBurn', 'ManaraRequestsRefused']);
    const route = at(documentOf(app, 'AlertmanagerConfig', 'observability-remediator'), 'spec');
    assert.deepEqual(at(route, 'route', 'matchers'), [
      { name: 'remediation', matchType: '=', value: 'true' },
      { name: 'site', matchType: '=', value: 'dubai' },
    ]);
    const url = at(route, 'receivers', 0, 'webhookConfigs', 0, 'url');
    assert.equal(url, 'http://observability-remediator.bank.svc:8080/alerts');
  });

  it('falls back to the highest version below the default, or to one that is named', () => {
    const actions = [
      Remediation.fallBack({ alerts: ['ManaraEndpointDown'], coolDown: Duration.hours(1) }),
    ];
    const [action] = tableOf(tree({ actions }, { versions, defaultVersion: 3 }));
    assert.deepEqual(action, {
      kind: 'fallBack',
      deployment: 'fraud',
      model: 'fraud',
      version: 2,
      alert: 'ManaraEndpointDown',
      coolDownSeconds: 3600,
    });
    const named = [Remediation.fallBack({ alerts: ['ManaraEndpointDown'], version: 1 })];
    assert.equal(at(tableOf(tree({ actions: named }, { versions })), 0, 'version'), 1);
    const none = tree({ actions }, { versions, defaultVersion: 1 });
    assert(!documents(none).some(({ metadata }) => at(metadata, 'name') === 'fraud-remediation'));
  });

  it('may touch the objects of the table and write events, and nothing else', () => {
    const app = tree({}, { versions, server: { config: { variants: { models: {} } } } });
    assert.deepEqual(at(documentOf(app, 'Role', 'observability-remediator'), 'rules'), [
      { apiGroups: [''], resources: ['events'], verbs: ['create'] },
    ]);
    const rule = (group: string, resource: string, name: string, ...verbs: string[]) => {
      return { apiGroups: [group], resourceNames: [name], resources: [resource], verbs };
    };
    assert.deepEqual(at(documentOf(app, 'Role', 'fraud-remediation'), 'rules'), [
      rule('', 'configmaps', 'fraud-remediation', 'get'),
      rule('autoscaling', 'horizontalpodautoscalers', 'fraud', 'get', 'patch'),
      rule('apps', 'deployments', 'fraud', 'get', 'patch'),
      rule('argoproj.io', 'rollouts', 'fraud', 'get'),
      rule('argoproj.io', 'rollouts/status', 'fraud', 'patch'),
    ]);
  });

  it('reaches the API server alone, is reached by Alertmanager alone, and says so', () => {
    const app = tree();
    const { egress, ingress } = at(
      documentOf(app, 'NetworkPolicy', 'observability-remediator'),
      'spec',
    ) as { egress: unknown[]; ingress: unknown[] };
    assert.deepEqual(egress, [
      { to: [{ ipBlock: { cidr: '10.40.0.1/32' } }], ports: [{ protocol: 'TCP', port: 6443 }] },
    ]);
    assert.equal(ingress.length, 1);
    const [audit] = auditTree(app);
    assert.deepEqual(audit?.violations, []);
  });

  it('refuses bounds and alerts that cannot be', () => {
    const code = 'MANARA_OBSERVABILITY';
    refuses(() => Remediation.scaleOut({ percent: 500 }), code, 'percent', 'received 500');
    refuses(() => Remediation.scaleOut({ alerts: [untyped('Any')] }), code, 'received "Any"');
    refuses(() => Remediation.abortRollout({ alerts: [] }), code, 'received none');
    const actions = [Remediation.fallBack({ alerts: ['ManaraEndpointDown'], version: 9 })];
    refuses(() => tree({ actions }), code, 'version 9; expected one of 1');
    refuses(
      () => watchedSite({ remediation }, { metrics: none('not collected') }),
      code,
      'remediation: expected none',
    );
    refuses(
      () => tree({ actions: [untyped('scaleOut')] }),
      'MANARA_PROP',
      'actions.0: expected a Remediation',
    );
  });
});
