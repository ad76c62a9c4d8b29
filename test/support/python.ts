import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache';

/** The pinned packages are published for this Python and later ones. */
const minimum = [3, 11] as const;

/**
 * Path of a Python that has exactly the packages of a requirements file, installed into the cache
 * where they are not there yet (a minute the first time). `undefined`, with the reason on stderr,
 * where this machine has no Python that could have them.
 */
export function pythonWith(requirements: string): string | undefined {
  const version = pythonVersion();
  if (version === undefined) {
    console.error(`skip: no python3 >= ${minimum.join('.')} on the PATH`);
    return undefined;
  }
  const key = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex');
  const folder = cacheFolder('venv', key.slice(0, 16));
  const python = join(folder, 'bin', 'python');
  // Written last, so that an interrupted installation is not taken for a whole one.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  rmSync(folder, { recursive: true, force: true });
  console.error(`python: installing ${requirements} for Python ${version}`);
  if (!run('python3', '-m', 'venv', folder)) {
    console.error('skip: "python3 -m venv" does not work here');
    return undefined;
  }
  if (!run(python, '-m', 'pip', 'install', '--quiet', '--requirement', requirements)) {
    throw new Error(`pip could not install ${requirements}; its output is above`);
  }
  writeFileSync(complete, '');
  return python;
}

/** `3.11.7`, or `undefined` where there is none or it is too old. */
function pythonVersion(): string | undefined {
  const { stdout, status } = spawnSync('python3', ['--version'], { encoding: 'utf8' });
  const [, version, major, minor] = /^Python ((\d+)\.(\d+)\.\S+)/.exec(stdout) ?? [];
  if (status !== 0 || Number(major) !== minimum[0] || Number(minor) < minimum[1]) return undefined;
  return version;
}

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
