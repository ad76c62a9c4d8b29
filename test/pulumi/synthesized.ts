import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer, StoredObject } from '../bed/api-server';
import { nameOf, readDocuments, type KubernetesDocument } from '../support/documents';
import { repositoryRoot } from '../support/paths';
import type { BankBed } from './bank-bed';
import { type SiteName, sites } from './bank-stacks';
import { content } from './inventory';

/** What `manara synth --values` writes for each site of a bed's stack. */
export function synthesized(
  { engine, stack }: BankBed,
  values: string,
): ReadonlyMap<SiteName, readonly KubernetesDocument[]> {
  const file = join(engine.folder, 'values.json');
  writeFileSync(file, values);
  const output = join(engine.folder, 'synth');
  const cli = join(repositoryRoot, 'packages', 'cli', 'build', 'src', 'main.js');
  const args = [cli, 'synth', stack.folder, '--stack', stack.name];
  execFileSync(process.execPath, [...args, '--values', file, '--output', output], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Map(sites.map((site) => [site, readDocuments(join(output, site))]));
}

/**
 * Asserts that a server-side dry run of what `manara synth --values` writes, with the stack's outputs,
 * changes no object.
 */
export async function assertAsSynthesized(bed: BankBed): Promise<void> {
  const args = ['stack', 'output', 'values', '--json', '--show-secrets'];
  const values = await bed.stack.command(...args);
  for (const [site, documents] of synthesized(bed, values)) {
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
