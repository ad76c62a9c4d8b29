import assert from 'node:assert/strict';
import type { ApiServer } from '../bed/api-server';
import { nameOf, type KubernetesDocument } from '../support/documents';
import { BankBed } from './bank-bed';
import { secretRoles, sites } from './bank-stacks';
import { everything } from './inventory';
import { assertAsSynthesized, synthesized } from './synthesized';

/** As docs/pulumi.md says: once. */
const adopting = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true' };
const forcing = { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' };

/** The requests are kubectl's own; its binary is not part of the test bed. */
describe('objects that kubectl made, of which the stack knows nothing', function () {
  this.timeout(120_000);
  let bed: BankBed;
  let found: readonly string[];

  before(async function () {
    this.timeout(0);
    const started = await BankBed.start();
    if (started === undefined) return this.skip();
    bed = started;
    const documents = synthesized(bed, JSON.stringify(secretRoles));
    for (const document of documents.get('aws-me-central-1')!) {
      await applyOnClient(bed.api('aws-me-central-1'), document);
      if (document.kind === 'ServiceAccount') {
        await dropCopy(bed.api('aws-me-central-1'), document);
      }
    }
    for (const document of documents.get('azure-uaenorth')!) {
      await applyOnServer(bed.api('azure-uaenorth'), document, 'kubectl');
    }
    const theirs = { ...service, metadata: { ...service.metadata, labels: { [label]: 'other' } } };
    await applyOnServer(bed.api('azure-uaenorth'), theirs, 'argocd-controller');
    found = await identities(bed);
  });

  after(async () => {
    await (bed as BankBed | undefined)?.stop();
  });

  it('are not touched unless the provider is told to', async () => {
    const up = await bed.stack.up();
    assert.ok(!up.succeeded);
    assert.match(up.messages, /Namespace uae-bank: namespaces "uae-bank" already exists/);
    assert.deepEqual(await identities(bed), found);
  });

  it('are taken over, but for what another writer wants otherwise', async () => {
    const up = await bed.stack.up({ env: adopting });
    assert.ok(!up.succeeded);
    assert.match(
      up.messages,
      /Service uae-bank\/fraud: Apply failed with 1 conflict: conflict with "argocd-controller": \.metadata\.labels\.app\.kubernetes\.io\/part-of/,
    );
  });

  it('are the stack’s as they are, without a replacement and without a rollout', async () => {
    const up = await bed.stack.up({ env: { ...adopting, ...forcing } });
    assert.ok(up.succeeded, up.messages);
    assert.deepEqual(await identities(bed), found);
    const { metadata } = await bed.api('azure-uaenorth').get(service);
    assert.equal(metadata.labels?.[label], 'uae-bank');
    await assertAsSynthesized(bed);
    for (const role of Object.values(secretRoles)) assert.ok(!bed.stack.stateText.includes(role));
  });

  it('are ordinary resources from then on, which change in place', async () => {
    const again = await bed.stack.up();
    assert.ok(again.succeeded, again.messages);
    assert.deepEqual(
      again.operations.filter(({ type }) => type !== 'pulumi:providers:kubernetes'),
      [],
    );
    await bed.stack.command('config', 'set', 'fraudVersion', '1');
    const back = await bed.stack.up();
    assert.ok(back.succeeded, back.messages);
    // Weights that are not served any more are copied by another Job.
    assert.deepEqual(back.changes, { same: 47, update: 3, replace: 1 });
    const destroy = await bed.stack.destroy();
    assert.ok(destroy.succeeded, destroy.messages);
  });
});

const copy = 'kubectl.kubernetes.io/last-applied-configuration';
const label = 'app.kubernetes.io/part-of';
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'fraud', namespace: 'uae-bank' },
};

/** `kubectl apply -f`: the object, and all of it once more in an annotation. */
async function applyOnClient(api: ApiServer, document: KubernetesDocument): Promise<void> {
  const { metadata } = document as { readonly metadata: { readonly annotations?: object } };
  const annotations = {
    ...metadata.annotations,
    [copy]: JSON.stringify(document),
  };
  const path = `${await api.collectionOf(document)}?fieldManager=kubectl-client-side-apply`;
  const body = { ...document, metadata: { ...metadata, annotations } };
  const { status } = await api.request('POST', path, body);
  assert.equal(status, 201, nameOf(document));
}

/** `kubectl annotate … last-applied-configuration-`: the copy would hold a secret in clear. */
async function dropCopy(api: ApiServer, document: KubernetesDocument): Promise<void> {
  const path = `${await api.pathOf(document)}?fieldManager=kubectl-annotate`;
  const patch = { metadata: { annotations: { [copy]: null } } };
  const { status } = await api.request('PATCH', path, patch, 'application/merge-patch+json');
  assert.equal(status, 200, nameOf(document));
}

/** `kubectl apply --server-side -f`, or another writer of that kind. */
async function applyOnServer(
  api: ApiServer,
  document: KubernetesDocument,
  manager: string,
): Promise<void> {
  const query = `fieldManager=${encodeURIComponent(manager)}&force=true`;
  const path = `${await api.pathOf(document)}?${query}`;
  const { status } = await api.request('PATCH', path, document, 'application/apply-patch+yaml');
  assert.ok(status < 300, `${nameOf(document)}: status ${status}`);
}

/** Each object's uid, which changes with its replacement; and ReplicaSets, which a rollout adds. */
async function identities(bed: BankBed): Promise<readonly string[]> {
  const found: string[] = [];
  for (const site of sites) {
    for (const object of await everything(bed.api(site))) {
      const { namespace, uid } = object.metadata;
      if (namespace === 'uae-bank' && !transient.includes(object.kind)) {
        found.push(`${site} ${nameOf(object)} ${uid}`);
      }
    }
  }
  return found.sort();
}

/** What controllers make as an autoscaler tells them to. */
const transient = ['Pod', 'PodMetrics'];
