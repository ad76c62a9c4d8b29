import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError, messageOf } from '../cli-error';

/** Milliseconds between a polite request to end and an impolite one. */
const graceMillis = 5_000;

/** Milliseconds for the rest of a command's output, which a process that it leaves behind may hold open. */
const outputMillis = 300;

export interface ShellOptions {
  /**
   * Ends the command, and what it has started.
   * @default - nothing does
   */
  readonly signal?: AbortSignal;
  readonly onOutput: (text: string) => void;
}

/**
 * Runs a command in the shell, in a process group of its own: Ctrl-C in the terminal must not reach what
 * brings a site back.
 *
 * @returns the exit code; 128 and the signal's number where one ended it
 * @throws CliError where there is no shell
 */
export async function runInShell(
  command: string,
  { signal, onOutput }: ShellOptions,
): Promise<number> {
  // Its output goes through this process: a pipe that broke with the terminal would end the command.
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', onOutput);
  }
  const closed = once(child, 'close').catch(() => undefined);
  let hurry: NodeJS.Timeout | undefined;
  const stop = (): void => {
    endGroup(child, 'SIGTERM');
    hurry = setTimeout(() => {
      endGroup(child, 'SIGKILL');
    }, graceMillis);
  };
  try {
    const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
    const [code, by] = await exit;
    return code ?? 128 + constants.signals[by ?? 'SIGKILL'];
  } catch (error) {
    throw new CliError(`"${command}" cannot be run: ${messageOf(error)}`, { cause: error });
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(hurry);
    await Promise.race([closed, delay(outputMillis)]);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
