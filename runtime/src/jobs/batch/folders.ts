import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { errors } from '../../errors';

type Field = 'input' | 'output';

/** Longest name of a folder that file systems take, in bytes. */
const longestName = 255;

/** The folders that callers may name files below. */
export class BatchFolders {
  /**
   * @param roots - of the configuration. @default - no files may be named
   * @param perCaller - whether each caller has a folder of their own below them.
   */
  constructor(
    private readonly roots: Readonly<Partial<Record<Field, string | undefined>>>,
    private readonly perCaller: boolean,
  ) {}

  /**
   * A file of the caller's, wherever links lead.
   *
   * @throws ServingError FIELD_INVALID where it is not below their folder, or is no file
   */
  async input(caller: string, file: string): Promise<string> {
    const root = this.rootOf('input', caller, file);
    const real = await realpath(pathBelow('input', root, file)).catch(() => undefined);
    const isFile = real !== undefined && (await stat(real)).isFile();
    if (isFile && real.startsWith((await realpath(root)) + sep)) return real;
    throw refused('input', file, `a file below ${this.say('input', caller)}`);
  }

  /**
   * Where the caller's file is to be written; the folders on the way may be missing.
   *
   * @throws ServingError FIELD_INVALID where it is not below their folder, or cannot be written there
   */
  async output(caller: string, file: string): Promise<string> {
    const root = this.rootOf('output', caller, file);
    const path = pathBelow('output', root, file);
    const above = await realpath(this.roots.output ?? '').catch(() => {
      throw refused('output', file, 'the output folder of the configuration, which is not there');
    });
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) throw refused('output', file, 'a file, and no folder');
    const own = await realpath(root).catch(() => undefined);
    const { real, isFolder } = await lastThere(dirname(path));
    // A link on the way may lead elsewhere. Only the folder of a caller who has none is made at the top.
    const isBelow = own === undefined ? real === above : `${real}${sep}`.startsWith(own + sep);
    if (isFolder && isBelow) return path;
    throw refused('output', file, `a file below ${this.say('output', caller)}`);
  }

  /** The same, with the folders on the way made. */
  async place(caller: string, file: string): Promise<string> {
    await mkdir(dirname(await this.output(caller, file)), { recursive: true }).catch(() => {
      throw refused('output', file, 'a path whose folders can be made');
    });
    return this.output(caller, file);
  }

  private rootOf(field: Field, caller: string, file: string): string {
    const root = this.roots[field];
    if (root === undefined)
      throw refused(field, file, `"jobs.files.${field}" in the configuration`);
    if (!this.perCaller) return root;
    const folder = folderOf(caller);
    if (folder !== '' && folder.length <= longestName) return join(root, folder);
    throw refused(field, file, 'a caller with a name that can be a folder: up to 255 bytes');
  }

  private say(field: Field, caller: string): string {
    const theirs = this.perCaller ? `${folderOf(caller)}${sep} in ` : '';
    return `${theirs}the ${field} folder`;
  }
}

/**
 * A caller's folder. Two callers have two, also on a file system that takes upper and lower case for the
 * same: what is not a lower-case letter, a digit, `-` or `_` stands as `%` and its two hexadecimal digits.
 */
export function folderOf(caller: string): string {
  return Array.from(Buffer.from(caller), (byte) => {
    const letter = String.fromCharCode(byte);
    return /[a-z0-9_-]/.test(letter) ? letter : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

function pathBelow(field: Field, root: string, file: string): string {
  const plain = normalize(file);
  if (!isAbsolute(plain) && plain.split(sep)[0] !== '..' && !plain.includes('\0')) {
    return join(root, plain);
  }
  throw refused(field, file, `a path below the ${field} folder`);
}

/** The last folder on a path that is there, wherever links lead. */
async function lastThere(
  path: string,
): Promise<{ readonly real: string; readonly isFolder: boolean }> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return lastThere(dirname(path));
  return { real, isFolder: (await stat(real)).isDirectory() };
}

function refused(field: Field, file: string, expected: string): Error {
  return errors.fieldInvalid(field, JSON.stringify(file), expected);
}
