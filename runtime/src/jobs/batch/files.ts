import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { copyFile, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { errors } from '../../errors';

/** A file that was uploaded, and is on disk. */
export interface Upload {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Everything that batch jobs read and write. */
export interface BatchPlaces {
  readonly files: BatchFiles;
  /** Folders that callers may name files below. @default - none */
  readonly folders: { readonly input?: string; readonly output?: string };
}

/** The files of batch jobs: uploaded inputs, what is written so far, and outputs. */
export class BatchFiles {
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** @throws ServingError JOB_STORE_FULL or BODY_TRUNCATED; nothing is left of the file then */
  async receive(body: Readable): Promise<Upload> {
    const name = `${randomUUID()}.in`;
    let left = this.maxBytes - (await this.used());
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(this.path(name), 'wx', 0o600).catch(diskError);
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        left -= chunk.byteLength;
        if (left < 0) throw errors.jobStoreFull(`its files may take ${this.maxBytes} bytes`);
        hash.update(chunk);
        bytes += chunk.byteLength;
        await file.writeFile(chunk);
      }
      await file.sync();
      await file.close();
      await syncFolder(this.folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.remove(name);
      return diskError(error);
    }
    return { name, bytes, sha256: hash.digest('hex') };
  }

  /** Makes a file's content safe from a crash. */
  async sync(name: string): Promise<void> {
    const file = await open(this.path(name), 'r+');
    await file.sync();
    await file.close();
    await syncFolder(this.folder);
  }

  async remove(...names: readonly string[]): Promise<void> {
    for (const name of names) await rm(this.path(name), { force: true });
  }

  async removeAll(matches: (name: string) => boolean): Promise<void> {
    await this.remove(...(await readdir(this.folder)).filter(matches));
  }

  private async used(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.folder)) {
      bytes += (await stat(this.path(name)).catch(() => undefined))?.size ?? 0;
    }
    return bytes;
  }
}

/**
 * A file below a folder that the configuration opens, wherever links lead.
 *
 * @throws ServingError FIELD_INVALID where it is not below it, or is no file
 */
export async function inputBelow(root: string | undefined, file: string): Promise<string> {
  const path = plainPath('input', root, file);
  const real = await realpath(path).catch(() => undefined);
  const isFile = real !== undefined && (await stat(real)).isFile();
  if (isFile && real.startsWith((await realpath(root ?? '')) + sep)) return real;
  throw errors.fieldInvalid('input', JSON.stringify(file), 'a file below the input folder');
}

/** The same for a file that is to be written; its folder is there. */
export async function outputBelow(root: string | undefined, file: string): Promise<string> {
  const path = plainPath('output', root, file);
  const real = await realpath(dirname(path)).catch(() => undefined);
  const below = `${await realpath(root ?? '')}${sep}`;
  if (real !== undefined && `${real}${sep}`.startsWith(below)) return path;
  throw errors.fieldInvalid('output', JSON.stringify(file), 'a file below the output folder');
}

/** Puts a copy of a file in place at once. */
export async function publish(from: string, to: string, id: string): Promise<void> {
  const partial = `${to}.${id}.partial`;
  try {
    await copyFile(from, partial);
    const file = await open(partial, 'r+');
    await file.sync();
    await file.close();
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { force: true });
    diskError(error);
  }
}

function plainPath(field: 'input' | 'output', root: string | undefined, file: string): string {
  if (root === undefined) {
    throw errors.fieldInvalid(
      field,
      JSON.stringify(file),
      `"jobs.files.${field}" in the configuration`,
    );
  }
  const plain = normalize(file);
  if (!isAbsolute(plain) && !plain.startsWith('..') && !plain.includes('\0'))
    return join(root, plain);
  throw errors.fieldInvalid(field, JSON.stringify(file), `a path below the ${field} folder`);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}

/** @throws ServingError JOB_STORE_FULL or BODY_TRUNCATED, or the error itself */
export function diskError(error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') throw errors.jobStoreFull('its disk is full');
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') throw errors.bodyTruncated();
  throw error;
}
