import { copyFileSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/paths';
import type { Engine } from './engine';

interface ProjectOptions {
  /**
   * Stack whose `Pulumi.<stack>.yaml` is copied too.
   * @default - none
   */
  readonly stack?: string;
  /** What its program needs of the checkout. */
  readonly links: readonly string[];
}

/**
 * A copy of a `Pulumi.yaml` in a folder of the engine's, beside links to what its program needs of the
 * checkout: Pulumi writes a stack's settings next to it, which the checkout must not have.
 */
export function projectFolder(
  engine: Engine,
  source: string,
  { stack, links }: ProjectOptions,
): string {
  const folder = mkdtempSync(join(engine.folder, 'project-'));
  const stackFiles = stack === undefined ? [] : [`Pulumi.${stack}.yaml`];
  for (const file of ['Pulumi.yaml', ...stackFiles]) {
    copyFileSync(join(source, file), join(folder, file));
  }
  for (const link of ['node_modules', 'package.json', ...links]) {
    symlinkSync(join(repositoryRoot, link), join(folder, link));
  }
  return folder;
}
