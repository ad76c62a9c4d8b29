import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/paths';
import type { Engine } from './engine';

/**
 * A copy of a `Pulumi.yaml` in a folder of the engine's, beside links to what its program needs of the
 * checkout: Pulumi writes a stack's settings next to it, which the checkout must not have.
 */
export function projectFolder(engine: Engine, source: string, links: readonly string[]): string {
  const folder = mkdtempSync(join(engine.folder, 'project-'));
  copyFileSync(join(source, 'Pulumi.yaml'), join(folder, 'Pulumi.yaml'));
  for (const link of ['node_modules', 'package.json', ...links]) {
    symlinkSync(join(repositoryRoot, link), join(folder, link));
  }
  return folder;
}
