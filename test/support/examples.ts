import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments, type KubernetesDocument } from './documents';
import { repositoryRoot } from './paths';

/** The manifests of one site of one example. */
export interface ExampleSite {
  /** `uae-bank/abu-dhabi`. */
  readonly title: string;
  /** Where its YAML files are, until this process ends. */
  readonly folder: string;
  readonly documents: readonly KubernetesDocument[];
}

/** Folders of the examples that describe a tree: those with a `main.ts`. */
export function exampleFolders(): readonly string[] {
  const examples = join(repositoryRoot, 'examples');
  return readdirSync(examples)
    .map((name) => join(examples, name))
    .filter((folder) => existsSync(join(folder, 'main.ts')));
}

/** Runs `manara synth` on every example, as a user would. Throws where it fails or writes nothing. */
export function synthesizedSites(): readonly ExampleSite[] {
  const output = mkdtempSync(join(tmpdir(), 'manara-synth-'));
  process.once('exit', () => {
    rmSync(output, { recursive: true, force: true });
  });
  const cli = join(repositoryRoot, 'packages', 'cli', 'build', 'src', 'main.js');
  return exampleFolders().flatMap((example) => {
    const name = example.slice(example.lastIndexOf('/') + 1);
    const target = join(output, name);
    execFileSync(process.execPath, [cli, 'synth', example, '--output', target], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const sites = readdirSync(target, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    if (sites.length === 0) throw new Error(`manara synth ${example} wrote no site's folder`);
    return sites.map((site) => {
      const folder = join(target, site.name);
      return { title: `${name}/${site.name}`, folder, documents: readDocuments(folder) };
    });
  });
}
