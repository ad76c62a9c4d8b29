import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredObject } from '../bed/api-server';
import { bedBinaries } from '../bed/binaries';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { writeKubeconfig } from '../bed/kubeconfig';
import type { KubernetesDocument } from '../support/documents';
import { repositoryRoot } from '../support/paths';
import { Engine, engineBinaries } from './engine';
import { content } from './inventory';
import { type Described, secretMark } from './objects/described';
import { projectFolder } from './project-folder';
import { type Outcome, type RunOptions, Stack } from './stack';

/** What the suites rely on in the stand-in for the Kubernetes provider, shown with the real engine. */
describe('Kubernetes objects as Pulumi resources', function () {
  this.timeout(60_000);
  let plane: ControlPlane;
  let engine: Engine;
  let stack: Stack;
  const up = async (objects: readonly Described[], options?: RunOptions): Promise<Outcome> => {
    await stack.command('config', 'set', 'objects', JSON.stringify(objects));
    return stack.up(options);
  };
  const expectUp = async (
    objects: readonly Described[],
    options?: RunOptions,
  ): Promise<Outcome> => {
    const outcome = await up(objects, options);
    assert.ok(outcome.succeeded, outcome.messages);
    return outcome;
  };

  /** Until its controller has numbered a Deployment, which it does once. */
  const settled = async (document: KubernetesDocument): Promise<void> => {
    while (!JSON.stringify(await plane.api.get(document)).includes('kubernetes.io/revision')) {
      await delay(100);
    }
  };

  before(async function () {
    this.timeout(0);
    const planeParts = controlPlaneBinaries();
    const controllers = bedBinaries('kube-controller-manager');
    const engineParts = engineBinaries();
    if (planeParts === undefined || controllers === undefined || engineParts === undefined) {
      return this.skip();
    }
    plane = await ControlPlane.start({ ...planeParts, ...controllers });
    engine = Engine.create(engineParts);
    const kubeconfig = join(engine.folder, 'kubeconfig');
    writeKubeconfig(kubeconfig, { cluster: plane.address }, 'cluster');
    const source = join(repositoryRoot, 'test', 'pulumi', 'objects');
    const folder = projectFolder(engine, source, { links: ['test'] });
    const identity = { folder, project: 'objects', name: 'dev' };
    stack = await Stack.create(engine, identity, { KUBECONFIG: kubeconfig });
    await stack.command('config', 'set', '--secret', 'password', password);
  });

  after(async () => {
    await (plane as ControlPlane | undefined)?.stop();
    (engine as Engine | undefined)?.remove();
  });

  it('keeps what is secret in a Secret out of the state, in clear and in base64', async () => {
    const made = await expectUp([{ manifest: credentials }]);
    assert.equal(made.changes.create, 3);
    const { data } = await plane.api.get(credentials);
    const encoded = Buffer.from(password).toString('base64');
    assert.deepEqual(data, { user: Buffer.from('reader').toString('base64'), password: encoded });
    for (const text of [stack.stateText, made.printed]) {
      assert.match(text, /credentials/);
      assert.ok(!text.includes(password));
      assert.ok(!text.includes(encoded));
    }
    assert.deepEqual((await expectUp([{ manifest: credentials }])).changes, { same: 3 });
  });

  it('says in the preview what the API server refuses, and of which object', async () => {
    const misspelt = { ...deployment, spec: { ...deployment.spec, replicaz: 3 } };
    await stack.command('config', 'set', 'objects', JSON.stringify([{ manifest: misspelt }]));
    const preview = await stack.preview();
    assert.ok(!preview.succeeded);
    assert.match(preview.messages, /Deployment echo: .*unknown field "spec\.replicaz"/);
    await assert.rejects(plane.api.get(deployment), { status: 404 });
  });

  it('leaves alone what the program ignores, and another writer sets', async () => {
    const options = { ignoreChanges: ['spec.replicas'] };
    await expectUp([{ manifest: deployment, options }]);
    const path = `${await plane.api.pathOf(deployment)}/scale?fieldManager=autoscaler`;
    const scale = { spec: { replicas: 5 } };
    await plane.api.request('PATCH', path, scale, 'application/merge-patch+json');

    const newer = withImage(deployment, 'example.test/echo:2');
    const changed = await expectUp([{ manifest: newer, options }]);
    assert.deepEqual(changed.changes, { same: 2, update: 1 });
    const { spec } = (await plane.api.get(deployment)) as unknown as typeof deployment;
    assert.equal(spec.replicas, 5);
    assert.equal(spec.template.spec.containers[0].image, 'example.test/echo:2');
  });

  it('makes an object anew where a field cannot change, the old one first', async () => {
    const labels = { app: 'echo', tier: 'back' };
    const reselected = {
      ...deployment,
      spec: {
        ...deployment.spec,
        selector: { matchLabels: labels },
        template: { ...deployment.spec.template, metadata: { labels } },
      },
    };
    const before = await plane.api.get(deployment);
    const replaced = await expectUp([{ manifest: reselected }]);
    assert.deepEqual(
      replaced.operations.map(({ op }) => op),
      ['delete-replaced', 'replace', 'create-replacement'],
    );
    assert.notEqual(uidOf(await plane.api.get(deployment)), uidOf(before));
  });

  it('imports an object by its id, if the program says what the object is', async () => {
    await plane.api.createStrict(settings);
    const before = await plane.api.get(settings);
    const options = { import: 'default/settings' };
    const imported = await expectUp([{ manifest: settings, options }]);
    assert.equal(imported.changes.import, 1);
    assert.deepEqual(await plane.api.get(settings), before);

    const absent = { ...settings, metadata: { name: 'absent', namespace: 'default' } };
    const refused = await up([
      { manifest: settings, options },
      { manifest: absent, options: { import: 'default/absent' } },
    ]);
    assert.ok(!refused.succeeded);
    assert.match(refused.messages, /'default\/absent' does not exist/);
  });

  it('imports what holds defaults too: then updates it, which changes nothing', async () => {
    const other = { ...deployment, metadata: { name: 'other', namespace: 'default' } };
    await plane.api.createStrict(other);
    await settled(other);
    const before = await plane.api.get(other);
    const imported = await expectUp([{ manifest: other, options: { import: 'default/other' } }]);
    assert.deepEqual(
      imported.operations.filter(({ name }) => name === 'other').map(({ op }) => op),
      ['import', 'update'],
    );
    const after = await plane.api.get(other);
    assert.deepEqual(content(after), content(before));
    assert.equal(uidOf(after), uidOf(before));
  });

  it('replaces a ConfigMap that changes, unless the provider is told that it may change', async () => {
    await expectUp([{ manifest: settings }]);
    const other = { ...settings, data: { level: 'debug' } };
    const replaced = await expectUp([{ manifest: other }]);
    assert.ok(replaced.operations.some(({ op }) => op === 'replace'));
    const env = { PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE: 'true' };
    const updated = await expectUp([{ manifest: settings }], { env });
    assert.deepEqual(
      updated.operations.filter(({ name }) => name === 'settings').map(({ op }) => op),
      ['update'],
    );
  });
});

const password = 'correct horse battery staple';

const credentials = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'credentials', namespace: 'default' },
  stringData: { user: 'reader', password: secretMark },
};

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data: { level: 'info' },
};

const labels = { app: 'echo' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'echo' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'echo', image: 'example.test/echo:1' }] },
    },
  },
} as const;

function withImage({ spec, ...rest }: typeof deployment, image: string): KubernetesDocument {
  const [container] = spec.template.spec.containers;
  const template = { ...spec.template, spec: { containers: [{ ...container, image }] } };
  return { ...rest, spec: { ...spec, template } };
}

function uidOf({ metadata }: StoredObject): unknown {
  return metadata.uid;
}
