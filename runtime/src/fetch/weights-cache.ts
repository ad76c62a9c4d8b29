import {
  chmod,
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  rm,
  stat,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { PartialFile } from './partial-file';
import { digestOf } from './verified-download';

/** What a file system says that cannot, or will not, give a file a second name. */
const noLinks: ReadonlySet<unknown> = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK', 'ENOSYS']);

/**
 * Weights of this machine by their digest, in `sha256/` below a folder: what one repository has had
 * need not come again for another. A file is checked each time that it is taken.
 */
export class WeightsCache {
  /** Where files are gathered. */
  readonly partials: string;
  readonly #files: string;

  /** @param maxBytes - what all files together may have once a run is over; `undefined` for any */
  constructor(
    folder: string,
    private readonly maxBytes: number | undefined,
  ) {
    this.partials = join(folder, 'partial');
    this.#files = join(folder, 'sha256');
  }

  /** Whether the file is there and whole. One that is damaged is removed. */
  async has(sha256: string, signal: AbortSignal): Promise<boolean> {
    const file = this.#fileOf(sha256);
    const found = await digestOf(file, signal);
    if (found === sha256) {
      // When it was used last is what `trim` goes by.
      await utimes(file, new Date(), new Date());
      return true;
    }
    if (found !== undefined) await rm(file, { force: true });
    return false;
  }

  async add(sha256: string, file: PartialFile): Promise<void> {
    await mkdir(this.#files, { recursive: true });
    // A repository's file may be this one by another name: whoever changes it must make a new one.
    await chmod(file.path, 0o444);
    await file.moveTo(this.#fileOf(sha256));
  }

  /** Gives the file a second name, or copies it where it lies on another file system. */
  async bring(sha256: string, to: string): Promise<void> {
    try {
      await link(this.#fileOf(sha256), to);
    } catch (error) {
      if (!noLinks.has((error as NodeJS.ErrnoException).code)) throw error;
      await copyFile(this.#fileOf(sha256), to, constants.COPYFILE_FICLONE);
    }
  }

  /** Removes what was not used for the longest time, until the rest fits. What `inUse` names stays. */
  async trim(inUse: ReadonlySet<string>): Promise<readonly string[]> {
    if (this.maxBytes === undefined) return [];
    const files = await this.#list();
    let total = files.reduce((sum, { size }) => sum + size, 0);
    const removed: string[] = [];
    for (const { sha256, size } of files) {
      if (total <= this.maxBytes) break;
      if (inUse.has(sha256)) continue;
      await rm(this.#fileOf(sha256), { force: true });
      total -= size;
      removed.push(sha256);
    }
    return removed;
  }

  /** Those used least recently first. */
  async #list() {
    const names = await readdir(this.#files).catch(() => []);
    const files = await Promise.all(
      names.map(async (sha256) => {
        const found = await stat(this.#fileOf(sha256)).catch(() => undefined);
        return found === undefined ? [] : [{ sha256, size: found.size, used: found.mtimeMs }];
      }),
    );
    return files.flat().sort((a, b) => a.used - b.used);
  }

  #fileOf(sha256: string): string {
    return join(this.#files, sha256);
  }
}
