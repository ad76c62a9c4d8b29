import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Commands that install a starter's packages. Run from a clone of the repository, the command packs the
 * clone's own: no registry need have the version that the starter asks for.
 *
 * @param packageRoot folder of this package
 */
export function installLines(packageRoot: string): readonly string[] {
  const repository = join(realpathSync(packageRoot), '..', '..');
  if (!existsSync(join(repository, 'scripts', 'pack.mjs'))) return ['npm install'];
  return [
    `npm --prefix "${repository}" run pack`,
    `npm install "${join(repository, 'dist', 'packages')}"/*.tgz`,
  ];
}
