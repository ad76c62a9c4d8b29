import assert from 'node:assert/strict';
import type { ApiServer } from '../bed/api-server';
import { nameOf, type KubernetesDocument } from '../support/documents';
import { BankBed, sites } from './bank-bed';
import { everything } from './inventory';
import { assertAsSynthesized, synthesized } from './synthesized';

/** As docs/pulumi.md says: once, with these two. */
const adopting = {
  PULUMI_K8S_UPSERT_EXISTING_OBJECTS: 'true',
  PULUMI_K8S_ENABLE_PATCH_FORCE: 'true',
};

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
    const documents = await synthesized(bed);
    for (const document of documents.get('aws-me-central-1')!) {
      await applyOnClient(bed.api('aws-me-central-1'), document);
    }
    for (const document of documents.get('azure-uaenorth')!) {
      await applyOnServer(bed.api('azure-uaenorth'), document, 'another');
    }
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

  it('are taken over without a replacement, and without a change', async () => {
    const up = await bed.stack.up({ env: adopting });
    assert.ok(up.succeeded, up.messages);
    assert.equal(up.changes.replace, undefined);
    assert.deepEqual(await identities(bed), found);
    await assertAsSynthesized(bed);
  });

  it('are ordinary resources from then on', async () => {
    const again = await bed.stack.up();
    assert.ok(again.succeeded, again.messages);
    assert.ok(again.operations.every(({ type }) => type === 'pulumi:providers:kubernetes'));
    const destroy = await bed.stack.destroy();
    assert.ok(destroy.succeeded, destroy.messages);
  });
});

/** `kubectl apply -f`: the object, and all of it once more in an annotation. */
async function applyOnClient(api: ApiServer, document: KubernetesDocument): Promise<void> {
  const { metadata } = document as { readonly metadata: { readonly annotations?: object } };
  const annotations = {
    ...metadata.annotations,
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(document),
  };
  const path = `${await api.collectionOf(document)}?fieldManager=kubectl-client-side-apply`;
  const body = { ...document, metadata: { ...metadata, annotations } };
  const { status } = await api.request('POST', path, body);
  assert.equal(status, 201, nameOf(document));
}

/** `kubectl apply --server-side -f`, or another writer of that kind. */
async function applyOnServer(
  api: ApiServer,
  document: KubernetesDocument,
  manager: string,
): Promise<void> {
  const path = `${await api.pathOf(document)}?fieldManager=${manager}`;
  const { status } = await api.request('PATCH', path, document, 'application/apply-patch+yaml');
  assert.equal(status, 201, nameOf(document));
}

/** Each object's uid, which changes with its replacement; and ReplicaSets, which a rollout adds. */
async function identities(bed: BankBed): Promise<readonly string[]> {
  const found: string[] = [];
  for (const site of sites) {
    for (const object of await everything(bed.api(site))) {
      const { namespace, uid } = object.metadata as typeof object.metadata & {
        readonly uid: string;
      };
      if (namespace === 'uae-bank' && !transient.includes(object.kind)) {
        found.push(`${site} ${nameOf(object)} ${uid}`);
      }
    }
  }
  return found.sort();
}

/** What controllers make as an autoscaler tells them to. */
const transient = ['Pod', 'PodMetrics'];
