import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer, StoredObject } from '../bed/api-server';
import { nameOf, readDocuments, type KubernetesDocument } from '../support/documents';
import { repositoryRoot } from '../support/paths';
import { type BankBed, type SiteName, sites } from './bank-bed';
import { content } from './inventory';

/** What `manara synth --values` writes for each site with the outputs of the infrastructure's stack. */
export async function synthesized(
  bed: BankBed,
): Promise<ReadonlyMap<SiteName, readonly KubernetesDocument[]>> {
  const values = join(bed.engine.folder, 'values.json');
  writeFileSync(
    values,
    await bed.infrastructure.command('stack', 'output', '--json', '--show-secrets'),
  );
  const output = join(bed.engine.folder, 'synth');
  const cli = join(repositoryRoot, 'packages', 'cli', 'build', 'src', 'main.js');
  const program = join(__dirname, 'bank');
  execFileSync(process.execPath, [cli, 'synth', program, '--output', output, '--values', values], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Map(sites.map((site) => [site, readDocuments(join(output, site))]));
}

/** Asserts that a server-side dry run of what `manara synth --values` writes changes no object. */
export async function assertAsSynthesized(bed: BankBed): Promise<void> {
  for (const [site, documents] of await synthesized(bed)) {
    assert.notEqual(documents.length, 0);
    for (const document of documents) {
      const [stored, applied] = await dryRun(bed.api(site), document);
      assert.deepEqual(content(applied), content(stored), `${site}: ${nameOf(document)}`);
    }
  }
}

async function dryRun(
  api: ApiServer,
  document: KubernetesDocument,
): Promise<readonly [StoredObject, StoredObject]> {
  const stored = await api.get(document);
  // Forced, as the server compares quantities as text there.
  const { object } = await api.applyStrict(document, { dryRun: true, force: true });
  const again = await api.get(document);
  // An autoscaler may have written in between.
  if (again.metadata.resourceVersion !== stored.metadata.resourceVersion) {
    return dryRun(api, document);
  }
  return [stored, object];
}
