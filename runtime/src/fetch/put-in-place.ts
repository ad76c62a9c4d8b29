import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folder of a repository that files are gathered in; servers look at none that starts with a dot. */
export function stagingOf(repository: string): string {
  return join(repository, '.fetch');
}

/** What stands there already, and is not ours to replace as a whole. */
const occupied: ReadonlySet<unknown> = new Set(['ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOTDIR']);

/** A file of a folder, and how it is written. */
export interface NewFile {
  readonly name: string;
  readonly bring: (to: string) => Promise<void>;
}

/**
 * Brings files, and makes them appear in a folder of the repository in one step, together with the
 * folders above them that are missing: whoever looks sees all of a version or nothing of it. In a folder
 * that is there already, each file appears by itself, in their order.
 *
 * @param folder - below the repository, with forward slashes
 */
export async function putInPlace(
  repository: string,
  folder: string,
  files: readonly NewFile[],
): Promise<void> {
  await mkdir(stagingOf(repository), { recursive: true });
  const staging = await mkdtemp(join(stagingOf(repository), 'placing-'));
  try {
    await mkdir(join(staging, folder), { recursive: true });
    for (const { name, bring } of files) await bring(join(staging, folder, name));
    const steps = folder.split('/');
    for (let depth = 1; depth <= steps.length; depth += 1) {
      const part = join(...steps.slice(0, depth));
      const fault = await faultOf(rename(join(staging, part), join(repository, part)));
      if (fault === undefined) return;
      // A folder that others filled stays theirs, and what is below it is ours to add.
      if (!occupied.has(fault.code)) throw fault;
    }
    for (const { name } of files) {
      await rename(join(staging, folder, name), join(repository, folder, name));
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
