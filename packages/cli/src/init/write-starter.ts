import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError, messageOf, systemCode, UsageError } from '../cli-error';
import { packageRoot, version } from '../version';

const templateFolder = join(packageRoot, 'template');

/** npm leaves dot files out of a package, and takes a `package.json` for one of its own. */
const renamed: Readonly<Record<string, string>> = {
  gitignore: '.gitignore',
  npmrc: '.npmrc',
  'package.template.json': 'package.json',
};

/** Of a zone. */
const longestName = 50;

/** Binary files of the template; the others are text with `{{placeholders}}`. */
const binarySuffix = '.onnx';

/**
 * Writes the starter project into a folder, which is made if need be. All of it, or nothing.
 *
 * @returns the files, relative to the folder
 * @throws UsageError where DIR is a file; CliError where a file of the project is there already, or
 * cannot be written
 */
export function writeStarter(directory: string): readonly string[] {
  const folder = resolve(directory);
  const files = readdirSync(templateFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(templateFolder, name)).isFile())
    .map((source) => ({ source, target: join(dirname(source), targetName(source)) }))
    .sort((a, b) => (a.target < b.target ? -1 : 1));
  refuseOverwriting(
    directory,
    files.map(({ target }) => join(folder, target)),
  );
  const written: string[] = [];
  try {
    for (const { source, target } of files) {
      const path = join(folder, target);
      mkdirSync(dirname(path), { recursive: true });
      written.push(path);
      writeFile(join(templateFolder, source), path, projectName(folder));
    }
  } catch (error) {
    // What somebody else put there in this very moment is not ours to remove.
    if (systemCode(error) === 'EEXIST') written.pop();
    for (const path of written) rmSync(path, { force: true });
    throw new CliError(`cannot write to "${directory}": ${messageOf(error)}`, { cause: error });
  }
  return files.map(({ target }) => target);
}

function targetName(source: string): string {
  const name = basename(source);
  return renamed[name] ?? name;
}

function refuseOverwriting(directory: string, paths: readonly string[]): void {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) {
    throw new UsageError(`DIR: expected a folder, but "${directory}" is a file`);
  }
  const present = paths.filter((path) => existsSync(path));
  if (present.length > 0) {
    const names = present.map((path) => path.slice(resolve(directory).length + 1)).join(', ');
    throw new CliError(
      `"${directory}" holds ${names} already, and nothing is overwritten; choose another folder`,
    );
  }
}

function writeFile(source: string, target: string, name: string): void {
  if (source.endsWith(binarySuffix)) {
    cpSync(source, target);
    return;
  }
  const text = readFileSync(source, 'utf8')
    .replaceAll('{{name}}', name)
    .replaceAll('{{version}}', version);
  writeFileSync(target, text, { flag: 'wx' });
}

/** A name for a package and for a zone, out of a folder's: both allow less than a folder. */
function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longestName)
    .replace(/-+$/, '');
  return name === '' ? 'models' : name;
}
