import assert from 'node:assert/strict';
import { ControlPlane, controlPlaneBinaries } from '../bed/control-plane';
import { nameOf } from '../support/documents';
import { synthesizedSites } from '../support/examples';
import { missingFrom } from '../support/subset';
import { podOf, restrictedNamespace, serviceAccount } from './pods';

const sites = synthesizedSites();

describe('examples', () => {
  it('are synthesized', () => {
    assert.notEqual(sites.length, 0);
  });
});

for (const { title, documents } of sites) {
  // A site is a cluster, so each gets a control plane of its own.
  describe(`${title} on a real API server`, function () {
    this.timeout(60_000);
    let plane: ControlPlane;

    before(async function () {
      this.timeout(0);
      const binaries = controlPlaneBinaries();
      if (binaries === undefined) return this.skip();
      plane = await ControlPlane.start(binaries);
      const described = new Set(documents.filter(isNamespace).map(({ metadata }) => metadata.name));
      const named = documents.map(({ metadata }) => metadata.namespace ?? 'default');
      for (const name of new Set(named)) {
        if (name === 'default' || described.has(name)) continue;
        await plane.api.createStrict(restrictedNamespace(name));
      }
    });

    after(async () => {
      await (plane as ControlPlane | undefined)?.stop();
    });

    it(`creates all ${documents.length} documents with strict field validation and no warning`, async () => {
      assert.notEqual(documents.length, 0);
      for (const document of [...documents].sort(namespacesFirst)) {
        const { warnings } = await plane.api.createStrict(document);
        assert.deepEqual(warnings, [], nameOf(document));
      }
    });

    it('changes nothing on a second apply', async () => {
      for (const document of documents) {
        const created = await plane.api.get(document);
        const first = (await plane.api.applyStrict(document, { force: true })).object.metadata;
        const second = (await plane.api.applyStrict(document)).object.metadata;
        assert.equal(first.generation, created.metadata.generation, nameOf(document));
        assert.equal(second.resourceVersion, first.resourceVersion, nameOf(document));
      }
    });

    it('reads back every field of every document', async () => {
      for (const document of documents) {
        assert.deepEqual(
          missingFrom(await plane.api.get(document), document),
          [],
          nameOf(document),
        );
      }
    });

    it('admits its pods under Pod Security "restricted"', async () => {
      const namespace = 'pod-security';
      await plane.api.createStrict(restrictedNamespace(namespace));
      const pods = documents.flatMap((document) => podOf(document, namespace) ?? []);
      assert.notEqual(pods.length, 0);
      for (const pod of pods) {
        const { serviceAccountName = 'default' } = pod.spec as { serviceAccountName?: string };
        await plane.api.applyStrict(serviceAccount(serviceAccountName, namespace));
        const { warnings } = await plane.api.createStrict(pod, { dryRun: true });
        assert.deepEqual(warnings, [], nameOf(pod));
      }
    });
  });
}

function isNamespace({ kind }: { readonly kind: string }): boolean {
  return kind === 'Namespace';
}

function namespacesFirst(a: { readonly kind: string }, b: { readonly kind: string }): number {
  return Number(isNamespace(b)) - Number(isNamespace(a));
}
