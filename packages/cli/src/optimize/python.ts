import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal';

// Compiled code runs in `build/src/optimize`.
export const toolsFolder = join(__dirname, '../../../optimize');

/** The pinned packages are published for this Python and later ones. */
const minimum = [3, 11] as const;

/**
 * Path of a Python with exactly the pinned packages, in an environment of its own below the cache
 * (`MANARA_CACHE`, otherwise `~/.cache/manara`), made where it is missing.
 *
 * @throws CliError where there is no Python, or the packages cannot be installed
 */
export function optimizerPython(
  terminal: Terminal,
  python: string,
  environment: NodeJS.ProcessEnv,
): string {
  const version = versionOf(python);
  const requirements = join(toolsFolder, 'requirements.txt');
  const pins = readFileSync(requirements);
  const key = createHash('sha256').update(version).update(pins).digest('hex').slice(0, 16);
  const cache = environment.MANARA_CACHE ?? join(homedir(), '.cache', 'manara');
  const folder = join(cache, `optimize-${key}`);
  const program = join(folder, 'bin', 'python');
  // Written last, so that an interrupted installation is not taken for a whole one.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return program;
  terminal.progress(`installing onnxruntime's tools for Python ${version} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  run(
    python,
    ['-m', 'venv', folder],
    (output) => `"${python} -m venv" failed; on Debian, install python3-venv:\n${output}`,
  );
  run(
    program,
    [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--requirement',
      requirements,
    ],
    (output) =>
      `the packages of ${requirements} could not be installed; pip must be set up for an index that has them:\n${output}`,
  );
  writeFileSync(complete, '');
  return program;
}

function versionOf(python: string): string {
  const { stdout, status, error } = spawnSync(python, ['--version'], { encoding: 'utf8' });
  const needs = `manara optimize runs onnxruntime's tools, which are Python: expected Python ${minimum.join('.')} or later`;
  if (error !== undefined || status !== 0) {
    throw new CliError(
      `${needs}, but "${python}" cannot be run; install it, or name it by --python`,
    );
  }
  const [, version, major, minor] = /^Python ((\d+)\.(\d+)\.\S+)/.exec(stdout) ?? [];
  if (version === undefined || Number(major) !== minimum[0] || Number(minor) < minimum[1]) {
    throw new CliError(`${needs}, but "${python}" is ${stdout.trim()}; name another by --python`);
  }
  return version;
}

function run(program: string, args: readonly string[], fault: (output: string) => string): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error === undefined && status === 0) return;
  throw new CliError(fault(error?.message ?? `${stdout}${stderr}`.trim()));
}
