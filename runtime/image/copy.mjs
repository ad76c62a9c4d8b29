import { chmodSync, copyFileSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file's and folder's time, so that the same input makes the same image layer. */
const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? 0);

/**
 * Paths of the files below a folder, with forward slashes, sorted; those of nested `node_modules`
 * are packages of their own and left out.
 */
export function filesBelow(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => {
      const path = prefix + entry.name;
      return entry.isDirectory() ? filesBelow(folder, `${path}/`) : [path];
    })
    .sort();
}

/** Copies one file, and gives it this mode: what it has where it was installed may be anything. */
export function copyFile(from, to, mode = 0o644) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, mode);
}

/** Gives every file and folder below `folder`, and itself, the same time, and folders one mode. */
export function settle(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settle(path);
    else utimesSync(path, epoch, epoch);
  }
  chmodSync(folder, 0o755);
  utimesSync(folder, epoch, epoch);
}
