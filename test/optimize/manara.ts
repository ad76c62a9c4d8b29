import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from '../support/paths';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, as people run it. */
export const manara = {
  /** Whether this machine has a Python that the tools could run in; says so where it has none. */
  hasPython(): boolean {
    const { status, stdout } = spawnSync('python3', ['--version'], { encoding: 'utf8' });
    const minor = Number(/^Python 3\.(\d+)\./.exec(stdout)?.[1] ?? 0);
    if (status === 0 && minor >= 11) return true;
    console.error('skip: no python3 >= 3.11 on the PATH');
    return false;
  },

  async run(...args: readonly string[]): Promise<Outcome> {
    const main = join(repositoryRoot, 'packages/cli/build/src/main.js');
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  },
} as const;
