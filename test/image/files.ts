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

/** A line per file with its path, mode, time and SHA-256: what a layer of an image depends on. */
export async function fingerprints(folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const file of await filesOf(folder)) {
    const path = join(folder, file);
    const { mode, mtimeMs } = await lstat(path);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    lines.push(`${file} ${mode.toString(8)} ${mtimeMs} ${hash.digest('hex')}`);
  }
  return lines;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
