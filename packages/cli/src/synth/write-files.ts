import { mkdir, mkdtemp, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { CliError, messageOf, systemCode } from '../cli-error';
import { type Listing, readListing, writeListing } from './file-listing';

/** A file to write, by its path below the output with forward slashes. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

export interface Written {
  /** Files of an earlier run that are no longer part of the tree. */
  readonly removed: readonly string[];
}

/**
 * Puts a program's files into an output folder: all of them, or none. Files of its earlier runs that
 * are no longer among them are removed; files that others wrote are never touched.
 *
 * @param program absolute path of the program's folder, under which its files are remembered
 * @throws CliError for a folder that cannot be written, or a file in the way that is not ours
 */
export async function writeFiles(
  output: string,
  program: string,
  files: readonly OutputFile[],
): Promise<Written> {
  try {
    await mkdir(output, { recursive: true });
    return await replace(output, relative(output, program).split(sep).join('/') || '.', files);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`cannot write to "${output}": ${reasonOf(error)}`, { cause: error });
  }
}

/** A folder is needed where a file is: the output itself, or a site's folder below it. */
function reasonOf(error: unknown): string {
  const isFile = ['EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '');
  if (!isFile || !(error instanceof Error)) return messageOf(error);
  const { path = '' } = error as NodeJS.ErrnoException;
  return `"${path}" is a file; move it, or choose another --output`;
}

async function replace(
  output: string,
  program: string,
  files: readonly OutputFile[],
): Promise<Written> {
  const listing = await readListing(output);
  const former = listing[program] ?? [];
  const paths = files.map((file) => file.path);
  await refuseForeign(output, files, new Set(former));

  // On the same file system as the files, so that each is put in place by a rename.
  const staging = await mkdtemp(join(output, '.manara-staging-'));
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), text);
    }
    // Should the process be killed from here on, the next run still knows every file.
    await writeListing(output, withFiles(listing, program, [...new Set([...former, ...paths])]));
    for (const path of paths) {
      await mkdir(dirname(join(output, path)), { recursive: true });
      await rename(join(staging, path), join(output, path));
    }
    const removed = former.filter((path) => !paths.includes(path));
    for (const path of removed) await remove(output, path);
    await writeListing(output, withFiles(listing, program, paths));
    return { removed };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function withFiles(listing: Listing, program: string, files: readonly string[]): Listing {
  return { ...listing, [program]: files };
}

async function refuseForeign(
  output: string,
  files: readonly OutputFile[],
  ours: ReadonlySet<string>,
): Promise<void> {
  for (const { path, text } of files) {
    if (ours.has(path)) continue;
    const present = await readIfThere(join(output, path));
    if (present === undefined || present === text) continue;
    throw new CliError(
      `"${join(output, path)}" is in the way and was not written by manara synth for this program; move it, or choose another --output`,
    );
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isFile() ? readFile(path, 'utf8') : '';
}

/** Removes a file, and its folder where nothing else is left in it. */
async function remove(output: string, path: string): Promise<void> {
  await rm(join(output, path), { force: true });
  const folder = dirname(path);
  if (folder === '.') return;
  await rmdir(join(output, folder)).catch(() => undefined);
}
