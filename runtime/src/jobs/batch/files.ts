import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { errors } from '../../errors';
import type { BatchFolders } from './folders';
import { Quota } from './quota';

/** A file that was uploaded, and is on disk. */
export interface Upload {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Everything that batch jobs read and write. */
export interface BatchPlaces {
  readonly files: BatchFiles;
  readonly folders: BatchFolders;
}

/**
 * The files of batch jobs: uploaded inputs, what is written so far, and outputs. All begin with the id of
 * their job.
 */
export class BatchFiles {
  readonly quota: Quota;
  /** Those of a server that went before. */
  private readonly found: readonly string[];

  constructor(
    private readonly folder: string,
    maxBytes: number,
  ) {
    mkdirSync(folder, { recursive: true });
    this.found = readdirSync(folder);
    this.quota = new Quota(maxBytes);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /**
   * @param job - that the file is for; it need not be accepted yet.
   * @throws ServingError JOB_STORE_FULL or BODY_TRUNCATED; nothing is left of the file then
   */
  async receive(body: Readable, job: string): Promise<Upload> {
    const name = `${job}.${randomUUID()}.in`;
    await this.measure();
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(this.path(name), 'wx', 0o600).catch(diskError);
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        this.quota.take(chunk.byteLength);
        hash.update(chunk);
        bytes += chunk.byteLength;
        await file.writeFile(chunk);
      }
      await file.sync();
      await file.close();
      await syncFolder(this.folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(this.path(name), { force: true });
      this.quota.give(bytes);
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
    for (const name of names) {
      const bytes = await this.sizeOf(name);
      await rm(this.path(name), { force: true });
      this.quota.give(bytes);
    }
  }

  async removeAll(matches: (name: string) => boolean): Promise<void> {
    await this.remove(...(await readdir(this.folder)).filter(matches));
  }

  /**
   * Removes what a server that was lost left behind: of an upload that it did not see the end of, say.
   *
   * @param isNeeded - whether a job needs the file, by the job's id and the file's name.
   * @param agedMillis - least age of what is removed: another server may be about to name it.
   */
  async removeLost(
    isNeeded: (job: string, name: string) => Promise<boolean>,
    agedMillis: number,
  ): Promise<void> {
    for (const name of this.found) {
      const [job = ''] = name.split('.');
      const changed = (await stat(this.path(name)).catch(() => undefined))?.mtimeMs ?? Infinity;
      if (Date.now() - changed < agedMillis || (await isNeeded(job, name))) continue;
      await this.remove(name);
    }
    await this.measure();
  }

  /** @returns bytes; 0 where it is not there, or is another name of one that is counted */
  private async sizeOf(name: string): Promise<number> {
    const found = await stat(this.path(name)).catch(() => undefined);
    return found === undefined || found.nlink > 1 ? 0 : found.size;
  }

  private measure(): Promise<void> {
    return this.quota.measure(() => this.used());
  }

  private async used(): Promise<number> {
    const sizes = new Map<bigint, number>();
    for (const name of await readdir(this.folder)) {
      const found = await stat(this.path(name), { bigint: true }).catch(() => undefined);
      if (found !== undefined) sizes.set(found.ino, Number(found.size));
    }
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }
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
