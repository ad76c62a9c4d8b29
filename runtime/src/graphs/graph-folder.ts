import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../repository/digest';

/** The key, and the digest of the content. */
const entryName = /^([0-9a-f]{64})-([0-9a-f]{64})\.onnx$/;
const draftName = /^\.[0-9a-f]{64}-[0-9a-f]{16}\.draft$/;

/** A draft that nobody finished for a day, nobody will. */
const draftMillis = 24 * 60 * 60 * 1000;

/**
 * Optimized graphs in a folder that several servers may share. A file's name holds the digest of its
 * content: it appears whole, by one rename, and what a lost machine or a failing disk made of it later
 * is found out when it is read.
 */
export class GraphFolder {
  /** @param maxBytes - of all graphs together */
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /**
   * The graph of a key, checked.
   *
   * @returns its path; `undefined` where there is none.
   * @throws Error where it is damaged, and now removed.
   */
  async find(key: string, signal?: AbortSignal): Promise<string | undefined> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const [, ofKey, sha256] = entryName.exec(name) ?? [];
      if (ofKey !== key) continue;
      const path = join(this.folder, name);
      // Whoever opens a pipe waits for its writer.
      const isFile = (await lstat(path)).isFile();
      if (!isFile || (await digestOf(path, signal)) !== sha256) {
        await this.remove(path);
        throw new Error('the graph that was kept is damaged');
      }
      // When it was used last is what `trim` goes by. Others may not let us say it.
      await utimes(path, new Date(), new Date()).catch(() => undefined);
      return path;
    }
    return undefined;
  }

  /**
   * A path of nobody else's to write a graph to.
   *
   * @throws Error where the folder cannot be had.
   */
  async draft(key: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    return join(this.folder, `.${key}-${randomBytes(8).toString('hex')}.draft`);
  }

  /**
   * Gives a draft its name, and makes room for it.
   *
   * @returns its path
   * @throws Error where it is larger than all graphs together may be.
   */
  async keep(draft: string, key: string): Promise<string> {
    const { size } = await stat(draft);
    if (size > this.maxBytes) {
      throw new Error(`its ${size} bytes are more than "graphs.maxBytes", ${this.maxBytes}`);
    }
    const path = join(this.folder, `${key}-${await digestOf(draft)}.onnx`);
    await rename(draft, path);
    await this.trim();
    return path;
  }

  /** Removes a graph or a draft, as far as it is there and may be removed. */
  async remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch(() => undefined);
  }

  /** Removes what was not used for the longest time, until the rest fits. */
  private async trim(): Promise<void> {
    const graphs: { readonly path: string; readonly bytes: number; readonly used: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await lstat(path).catch(() => undefined);
      if (found === undefined) continue;
      if (entryName.test(name)) graphs.push({ path, bytes: found.size, used: found.mtimeMs });
      else if (draftName.test(name) && Date.now() - found.mtimeMs > draftMillis) {
        await this.remove(path);
      }
    }
    graphs.sort((a, b) => b.used - a.used);
    let total = 0;
    for (const { path, bytes } of graphs) {
      total += bytes;
      if (total > this.maxBytes) await this.remove(path);
    }
  }
}
