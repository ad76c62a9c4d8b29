import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. Compiled files sit in test/build/support. */
export const repositoryRoot = join(__dirname, '..', '..', '..');

/** Every page that people read: at the root, below `docs`, and each package's own. */
export function markdownFiles(): readonly string[] {
  const root = readdirSync(repositoryRoot).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(repositoryRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  const own = [
    'runtime',
    ...readdirSync(join(repositoryRoot, 'packages')).map((name) => join('packages', name)),
  ].map((folder) => join(folder, 'README.md'));
  return [...root, ...docs.sort(), ...own]
    .map((path) => join(repositoryRoot, path))
    .filter((path) => existsSync(path));
}
