import { type Hash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What the bytes so far are of. */
interface Origin {
  readonly label: string;
  readonly etag: string;
}

/**
 * The bytes of a file so far. Its name tells the digest of the whole, which is why any process may go
 * on with it, and whose it is: the host, the process and a number that no other has. Whoever goes on
 * with another's renames it first, so that one of several gets it, and a former owner that lives on
 * after all finds its own gone instead of putting in place what two have written.
 */
export class PartialFile {
  private constructor(readonly path: string) {}

  /**
   * Takes over what an ended process left of the file with this digest, or starts a new one.
   *
   * @param abandonedMillis - what nobody has written to for this long has no owner, whatever its name says
   */
  static async claim(
    folder: string,
    sha256: string,
    abandonedMillis: number,
  ): Promise<PartialFile> {
    await mkdir(folder, { recursive: true });
    const owner = `${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`;
    const mine = new PartialFile(join(folder, `${sha256}.${owner}${suffix}`));
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (!name.startsWith(`${sha256}.`) || !(await isAbandoned(path, name, abandonedMillis))) {
        continue;
      }
      if (!(await moved(path, mine.path))) continue;
      await moved(`${path}${originSuffix}`, mine.#origin);
      await utimes(mine.path, new Date(), new Date());
      break;
    }
    return mine;
  }

  /** Adds what is there to a digest. @returns the number of bytes; 0 where there is no file yet */
  async read(hash: Hash, signal: AbortSignal): Promise<number> {
    let bytes = 0;
    try {
      await pipeline(
        createReadStream(this.path),
        async (chunks: AsyncIterable<Buffer>) => {
          for await (const chunk of chunks) {
            hash.update(chunk);
            bytes += chunk.length;
          }
        },
        { signal },
      );
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return bytes;
  }

  /** What the source with this label called the content when these bytes were read from it. */
  async etagOf(label: string): Promise<string | undefined> {
    try {
      const origin = JSON.parse(await readFile(this.#origin, 'utf8')) as Origin;
      return origin.label === label ? origin.etag : undefined;
    } catch {
      // Without it, only the digest tells whether the bytes belong together.
      return undefined;
    }
  }

  /** Where to write from a position on; at 0, to a file that is empty. */
  writer(offset: number): WriteStream {
    // Flushed at the end, or a power cut could leave a whole name on half a file.
    const flags = offset === 0 ? 'w' : 'r+';
    return createWriteStream(this.path, { flags, start: offset, flush: true });
  }

  /** Notes what the source with this label calls the content that is written from its first byte. */
  async note(label: string, etag: string | undefined): Promise<void> {
    if (etag === undefined) return rm(this.#origin, { force: true });
    const origin: Origin = { label, etag };
    return writeFile(this.#origin, JSON.stringify(origin));
  }

  /** Gives the file its final name. */
  async moveTo(path: string): Promise<void> {
    await rename(this.path, path);
    await rm(this.#origin, { force: true });
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#origin, { force: true });
  }

  get #origin(): string {
    return `${this.path}${originSuffix}`;
  }
}

const suffix = '.partial';
const originSuffix = '.origin';

/** In a pod the host is the pod's name and the process is always the same number. */
async function isAbandoned(path: string, name: string, millis: number): Promise<boolean> {
  const [, host, pid] = /^[0-9a-f]{64}\.(.+)\.(\d+)\.[0-9a-f]{8}\.partial$/.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === hostname() && (Number(pid) === process.pid || !isRunning(Number(pid)))) return true;
  return (await ageOf(path)) > millis;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** What nobody went on with for a day, nobody will. */
const keptMillis = 24 * 60 * 60 * 1000;

/** Removes what earlier runs left in a folder of partial files and never came back for. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if ((await ageOf(path)) > keptMillis) await rm(path, { recursive: true, force: true });
  }
}
