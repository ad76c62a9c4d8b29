import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { configAnnotation } from '@manara/contract';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { restrictedNamespace } from '../cluster/pods';
import type { KubernetesDocument } from '../support/documents';
import { AlertmanagerProcess, type RouteSpec, whyNoAlertmanager } from './alertmanager-process';
import { RemediatorProcess } from './remediator-process';
import { specsOf, watchedDocuments } from './watched';

const documents = watchedDocuments() as unknown as readonly KubernetesDocument[];
const account = 'observability-remediator';
const autoscaler = '/apis/autoscaling/v2/namespaces/bank/horizontalpodautoscalers/fraud';
const deployment = '/apis/apps/v1/namespaces/bank/deployments/fraud';
const rollout = '/apis/argoproj.io/v1alpha1/namespaces/bank/rollouts/fraud';

const kinds = [
  'ConfigMap',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Role',
  'RoleBinding',
  'ServiceAccount',
];
/** What the remediator needs of the tree. */
const needed = documents.filter(({ kind }) => kinds.includes(kind));

interface PodsSpec {
  readonly template: {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  };
}

/** Stands in for Argo's: a rollout with the subresource that an abort is written to. */
const rolloutKind = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'rollouts.argoproj.io' },
  spec: {
    group: 'argoproj.io',
    scope: 'Namespaced',
    names: { plural: 'rollouts', singular: 'rollout', kind: 'Rollout' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    ],
  },
};

/** Alertmanager, the remediator and the API server, each the real one, with the tree's roles and route. */
describe('remediation in a cluster', function () {
  this.timeout(180_000);
  let plane: ControlPlane | undefined;
  let remediator: RemediatorProcess;
  let alertmanager: AlertmanagerProcess | undefined;
  let token = '';

  before(async function () {
    this.timeout(0);
    const reason = whyNoAlertmanager();
    if (reason !== undefined) console.error(reason);
    const binaries = controlPlaneBinaries();
    if (reason !== undefined || binaries === undefined) return this.skip();
    plane = await ControlPlane.start(binaries);
    const { api, address } = plane;
    await api.createStrict(restrictedNamespace('bank'));
    for (const document of needed) await api.createStrict(document);
    await api.createStrict(rolloutKind);
    const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
    const accounts = `/api/v1/namespaces/bank/serviceaccounts/${account}/token`;
    const { body } = await api.request('POST', accounts, asked);
    ({ token } = (body as { readonly status: { readonly token: string } }).status);
    remediator = await RemediatorProcess.start(address, 'bank', token);
    const [route] = specsOf('AlertmanagerConfig', watchedDocuments());
    alertmanager = await AlertmanagerProcess.start(
      route as unknown as RouteSpec,
      remediator.webhook,
    );
  });

  after(async () => {
    await alertmanager?.stop();
    await (remediator as RemediatorProcess | undefined)?.stop();
    await plane?.stop();
  });

  async function read(path: string): Promise<Readonly<Record<string, unknown>>> {
    const reply = await plane?.api.request('GET', path);
    return reply?.body as Readonly<Record<string, unknown>>;
  }

  async function least(): Promise<unknown> {
    return ((await read(autoscaler)).spec as { readonly minReplicas: number }).minReplicas;
  }

  async function events(reason: string): Promise<readonly { readonly message: string }[]> {
    const { items } = await read('/api/v1/namespaces/bank/events');
    return (items as { reason: string; message: string }[]).filter((one) => one.reason === reason);
  }

  function labelsOf(alert: string): Readonly<Record<string, string>> {
    const rule = specsOf('PrometheusRule', watchedDocuments())
      .flatMap(({ groups }) => groups as { rules: { alert?: string; labels?: object }[] }[])
      .flatMap(({ rules }) => rules)
      .find((one) => one.alert === alert);
    return { alertname: alert, ...(rule?.labels ?? assert.fail(alert)) };
  }

  async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (let i = 0; i < 150; i++) {
      if (await holds()) return;
      await delay(200);
    }
    assert.fail(`${what}\n${JSON.stringify(remediator.lines, null, 1)}`);
  }

  it('scales out once though the alert is told again and again, and back once it is over', async () => {
    const before = Number(await least());
    const labels = labelsOf('ManaraRequestsRefused');
    const startsAt = new Date();
    await alertmanager?.tell(labels, startsAt);
    await until(async () => Number(await least()) > before, 'nothing was scaled');
    const raised = await least();
    await remediator.restart();
    const { length } = remediator.lines;
    await until(
      () => Promise.resolve(remediator.lines.length >= length + 2),
      'it was not told again',
    );
    assert.equal(await least(), raised);
    assert.equal((await events('ScaledOut')).length, 1);
    await alertmanager?.tell(labels, startsAt, new Date());
    await until(async () => (await least()) === before, 'nothing was put back');
    const [event] = await events('ScaledBack');
    assert.match(event?.message ?? '', /^ManaraRequestsRefused: keeps/);
  });

  it('has the version before answer, once', async () => {
    const answering = async (): Promise<unknown> => {
      const { spec } = (await read(deployment)) as unknown as { readonly spec: PodsSpec };
      const text = spec.template.metadata.annotations[configAnnotation] ?? '{}';
      return (JSON.parse(text) as { models: { defaultVersion: number }[] }).models[0]
        ?.defaultVersion;
    };
    assert.equal(await answering(), 2);
    await alertmanager?.tell(labelsOf('ManaraModelQuality'), new Date());
    await until(async () => (await answering()) === 1, 'version 2 still answers');
    await until(async () => (await events('FellBack')).length === 1, 'no event');
  });

  it('aborts a rollout that is under way, once', async () => {
    const { api } = plane ?? assert.fail();
    const metadata = { name: 'fraud', namespace: 'bank' };
    const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata };
    await until(
      async () =>
        (await api.request('POST', rollout.replace(/\/fraud$/, ''), document)).status === 201,
      'the kind is not served',
    );
    const status = { currentPodHash: 'new', stableRS: 'old' };
    const type = 'application/merge-patch+json';
    assert.equal((await api.request('PATCH', `${rollout}/status`, { status }, type)).status, 200);
    await alertmanager?.tell(labelsOf('ManaraAvailabilityFastBurn'), new Date());
    await until(
      async () => ((await read(rollout)).status as { abort?: boolean }).abort === true,
      'it was not aborted',
    );
    await until(async () => (await events('RolloutAborted')).length === 1, 'no event');
  });

  it('is told of no alert that nothing is to be done about', async () => {
    const { length } = remediator.lines;
    await alertmanager?.tell({ ...labelsOf('ManaraThreadsBusy') }, new Date());
    await delay(3000);
    const told = remediator.lines.slice(length).map(({ alert }) => alert);
    assert(!told.includes('ManaraThreadsBusy'), String(told));
  });

  it('may do nothing else in the cluster', async () => {
    const { url } = plane?.address ?? assert.fail();
    const forbidden = [
      '/api/v1/namespaces/bank/secrets',
      '/api/v1/namespaces/bank/configmaps',
      '/api/v1/namespaces/bank/configmaps/observability-collector-config',
      '/api/v1/namespaces/kube-system/configmaps',
      '/apis/apps/v1/namespaces/bank/deployments',
      '/apis/apps/v1/namespaces/bank/deployments/observability-remediator',
    ];
    for (const path of forbidden) {
      assert.equal(await statusFor(`${url}${path}`, token), 403, path);
    }
    assert.equal(await statusFor(`${url}${autoscaler}`, token), 200);
  });

  function statusFor(url: string, bearer: string): Promise<number> {
    const agent = new Agent({ ca: plane?.address.authority });
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${bearer}` };
      const call = request(url, { agent, headers }, (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      });
      call.on('error', reject);
      call.end();
    });
  }
});
