import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Folder of a repository that files are gathered in; servers look at none that starts with a dot. */
export function stagingOf(repository: string): string {
  return join(repository, '.fetch');
}

/** What stands there already, and is not ours to replace as a whole. */
const occupied: ReadonlySet<unknown> = new Set(['ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOTDIR']);

/**
 * Lets `bring` write a file, and makes it appear in the repository in one step, together with the folders
 * above it that are missing: whoever looks sees all of a version or nothing of it.
 *
 * @param path - below the repository, with forward slashes
 */
export async function putInPlace(
  repository: string,
  path: string,
  bring: (to: string) => Promise<void>,
): Promise<void> {
  await mkdir(stagingOf(repository), { recursive: true });
  const staging = await mkdtemp(join(stagingOf(repository), 'placing-'));
  try {
    await mkdir(join(staging, dirname(path)), { recursive: true });
    await bring(join(staging, path));
    const steps = path.split('/');
    for (let depth = 1; depth <= steps.length; depth += 1) {
      const part = join(...steps.slice(0, depth));
      const fault = await faultOf(rename(join(staging, part), join(repository, part)));
      if (fault === undefined) return;
      // A folder that others filled stays theirs, and what is below it is ours to add.
      if (depth === steps.length || !occupied.has(fault.code)) throw fault;
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function faultOf(done: Promise<void>): Promise<NodeJS.ErrnoException | undefined> {
  return done.then(
    () => undefined,
    (error: unknown) => error as NodeJS.ErrnoException,
  );
}
