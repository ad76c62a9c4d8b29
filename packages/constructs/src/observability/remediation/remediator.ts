import type { IAlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
import { container, remediateCommand, remediation } from '@manara/contract';
import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { quantities } from '../../copies/copy-job';
import type { Labels } from '../../peer';
import { egressRules, peersOf, tcp } from '../../pods/network-rules';
import type { Site } from '../../site';
import { partLabels, partSelector } from '../labels';
import type { RemediationProps } from './remediation-props';

export const remediatorComponent = 'remediator';

/** What acts on the alerts of a site, and what makes it. */
export interface Remediator {
  readonly site: Site;
  /** Name of its objects. */
  readonly name: string;
  readonly props: RemediationProps;
  /** Labels by which the Alertmanager chooses its configuration. */
  readonly selectedBy: Labels;
}

/** The remediator, its right to write events and no other, and the route that alerts take to it. */
export function addRemediator(scope: Construct, remediator: Remediator): void {
  const { site, name, selectedBy } = remediator;
  const below = new Construct(scope, 'remediator');
  const labels = { ...partLabels(site, name, remediatorComponent) };
  new k8s.KubeServiceAccount(below, 'service-account', {
    metadata: { name, labels },
    automountServiceAccountToken: false,
  });
  const rules = [{ apiGroups: [''], resources: ['events'], verbs: ['create'] }];
  new k8s.KubeRole(below, 'role', { metadata: { name, labels }, rules });
  new k8s.KubeRoleBinding(below, 'role-binding', {
    metadata: { name, labels },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: site.namespaceName }],
  });
  addDeployment(below, remediator, labels);
  new k8s.KubeService(below, 'service', {
    metadata: { name, labels },
    spec: {
      selector: { ...partSelector(name, remediatorComponent) },
      ports: [{ name: 'http', port: remediation.port }],
    },
  });
  addNetworkPolicy(below, remediator, labels);
  new ApiObject(below, 'route', route(remediator, { ...labels, ...selectedBy }));
}

function addDeployment(
  scope: Construct,
  { site, name }: Remediator,
  labels: Record<string, string>,
): void {
  const share = quantities({ memory: '128Mi', 'ephemeral-storage': '16Mi' });
  const probe = {
    httpGet: { path: remediation.healthPath, port: k8s.IntOrString.fromNumber(remediation.port) },
    timeoutSeconds: 5,
  };
  new k8s.KubeDeployment(scope, 'deployment', {
    metadata: { name, labels },
    spec: {
      // Alertmanager tells again what nobody took: a second one would act on the same.
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { ...partSelector(name, remediatorComponent) } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: true,
          securityContext: {
            runAsUser: container.uid,
            runAsGroup: container.uid,
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: remediatorComponent,
              image: site.images.image(container.image, container.tag),
              imagePullPolicy: 'IfNotPresent',
              args: [remediateCommand, '--host', '0.0.0.0'],
              ports: [{ name: 'http', containerPort: remediation.port }],
              readinessProbe: probe,
              livenessProbe: { ...probe, periodSeconds: 20 },
              resources: {
                requests: { ...quantities({ cpu: '20m' }), ...share },
                limits: { ...quantities({ cpu: '500m' }), ...share },
              },
              securityContext: {
                runAsNonRoot: true,
                readOnlyRootFilesystem: true,
                allowPrivilegeEscalation: false,
                privileged: false,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  });
}

function addNetworkPolicy(
  scope: Construct,
  { site, name, props }: Remediator,
  labels: Record<string, string>,
): void {
  const { apiServer, apiServerPort = 6443, alertmanager } = props;
  new k8s.KubeNetworkPolicy(scope, 'network-policy', {
    metadata: { name, labels },
    spec: {
      podSelector: { matchLabels: { ...partSelector(name, remediatorComponent) } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [...peersOf(alertmanager)], ports: [...tcp(remediation.port)] }],
      // The kubelet tells the API server's address; its name is not asked for.
      egress: [...egressRules([{ peer: apiServer, port: apiServerPort }], site.dns).slice(0, 1)],
    },
  });
}

/** Alerts that something is done about go to the remediator, and on to whoever gets them otherwise. */
function route({ site, name }: Remediator, labels: Record<string, string>): IAlertmanagerConfig {
  const url = `http://${name}.${site.namespaceName}.svc:${remediation.port}${remediation.path}`;
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'AlertmanagerConfig',
    metadata: { name, labels },
    spec: {
      route: {
        receiver: remediatorComponent,
        matchers: [
          { name: remediation.alertLabel, matchType: '=', value: 'true' },
          { name: 'site', matchType: '=', value: site.node.id },
        ],
        groupBy: ['alertname', 'job'],
        groupWait: '10s',
        groupInterval: '1m',
        // An action that had to wait for another is tried again so often.
        repeatInterval: '10m',
      },
      receivers: [
        { name: remediatorComponent, webhookConfigs: [{ url, sendResolved: true, maxAlerts: 0 }] },
      ],
    },
  };
}
