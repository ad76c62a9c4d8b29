import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Paths of everything but folders below a folder, sorted. */
export async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Bytes of all files below a folder. */
export async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const file of await filesOf(folder)) size += (await lstat(join(folder, file))).size;
  return size;
}

/** One SHA-256 over every file's path, mode, time and content: what a layer of an image depends on. */
export async function digestOfTree(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(folder)) {
    const { mode, mtimeMs } = await lstat(join(folder, file));
    hash.update(`${file} ${mode} ${mtimeMs}\n`);
    for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
