import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseModelVersion } from '@manara/contract';
import { RepositoryError } from '../start-error';
import { foldersIn } from './scan';

/**
 * Checks that a folder can be a model repository, and that it is not its parent or a part of it.
 *
 * @throws RepositoryError naming the folder and the one that was probably meant.
 */
export async function checkRepository(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    throw new RepositoryError(
      `the model repository ${folder} is not a folder; see --model-repository`,
    );
  }
  try {
    await readdir(folder);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new RepositoryError(
      `the model repository ${folder} cannot be read: ${reason}; let this process's user read it`,
    );
  }
  const meant = await probablyMeant(resolve(folder));
  if (meant === undefined) return;
  throw new RepositoryError(
    `the model repository ${folder} holds no model (<model>/<version>/model.onnx), but ${meant} does; pass that to --model-repository`,
  );
}

/** The repository above or below a folder that is none itself. */
async function probablyMeant(folder: string): Promise<string | undefined> {
  if (await isRepository(folder)) return undefined;
  const parent = dirname(folder);
  if (await isModel(folder)) return parent;
  if (parseModelVersion(folder.slice(parent.length + 1)) !== undefined && (await isModel(parent))) {
    return dirname(parent);
  }
  return first(await below(folder), isRepository);
}

async function isRepository(folder: string): Promise<boolean> {
  return (await first(await below(folder), isModel)) !== undefined;
}

/** Whether a folder holds numbered folders with files in them. */
async function isModel(folder: string): Promise<boolean> {
  const versions = (await below(folder)).filter(
    (path) => parseModelVersion(path.slice(folder.length + 1)) !== undefined,
  );
  return (await first(versions, holdsFile)) !== undefined;
}

async function holdsFile(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => !entry.isDirectory());
}

/** Paths of the folders in a folder; none where it cannot be read. */
async function below(folder: string): Promise<readonly string[]> {
  const names = await foldersIn(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}

async function first(
  folders: readonly string[],
  fits: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const folder of folders) if (await fits(folder)) return folder;
  return undefined;
}
