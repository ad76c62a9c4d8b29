import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { filesOf } from './files';

/** What tests read of a bill of materials in CycloneDX's JSON. */
export interface BillOfMaterials {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: BilledComponent };
  readonly components: readonly BilledComponent[];
}

export interface BilledComponent {
  readonly 'bom-ref': string;
  readonly version: string;
  readonly licenses?: readonly unknown[];
  readonly hashes?: readonly { readonly content: string }[];
  readonly components?: readonly BilledComponent[];
}

/** `place version` of every package below a folder: those that Node.js would find by name. */
export async function installedPackages(
  folder: string,
  shownAs: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of await filesOf(folder)) {
    if (!/(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file)) continue;
    const text = await readFile(join(folder, file), 'utf8');
    const { version } = JSON.parse(text) as { readonly version: string };
    found.push(`${shownAs}/${dirname(file)} ${version}`);
  }
  return found;
}
