import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout. Compiled tests run in `packages/cli/build/test/support`. */
export const repositoryRoot = join(__dirname, '..', '..', '..', '..', '..');

const made: string[] = [];
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that goes when this process ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'manara-cli-test-')));
  made.push(folder);
  return folder;
}

/** A folder of files that resolves packages as the checkout does. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
