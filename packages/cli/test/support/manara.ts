import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

// Compiled tests run in `build/test/support`.
export const manaraScript = join(__dirname, '..', '..', 'src', 'main.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the real `manara`. */
export function startManara(
  args: readonly string[],
  { cwd, env }: RunOptions = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [manaraScript, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    env: { ...process.env, ...env },
  });
}

/** Runs the real `manara` to its end. */
export async function manara(args: readonly string[], options?: RunOptions): Promise<Finished> {
  const child = startManara(args, options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
