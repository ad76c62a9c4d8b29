import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemCode } from '../cli-error';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds between looks for npm: nothing tells a process that another one has ended. */
const lookMillis = 500;

/**
 * Calls back whenever this process is asked to stop: by Ctrl-C, by SIGTERM, by its terminal as it closes.
 * And once where npm runs this process and is gone: npm passes its own end on to its shell at most, and
 * what the shell has started would run on with nobody to end it.
 *
 * @returns what ends the listening
 */
export function onStopAsked(stop: () => void): () => void {
  for (const signal of signals) process.on(signal, stop);
  const endWatch = watchNpm(stop);
  return () => {
    endWatch();
    for (const signal of signals) process.off(signal, stop);
  };
}

function watchNpm(gone: () => void): () => void {
  if (process.env.npm_execpath === undefined) return () => undefined;
  // The shell that npm started, and npm; or npm and whatever started that, where the shell made way.
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || isThere(grandparent))) return;
    clearInterval(timer);
    gone();
  }, lookMillis);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** `undefined` where the system does not say. */
function parentOf(pid: number): number | undefined {
  for (const ask of [
    () => /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    () => execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }),
  ]) {
    try {
      const parent = Number(ask());
      if (Number.isInteger(parent) && parent > 0) return parent;
    } catch {
      // The other way may know.
    }
  }
  return undefined;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process cannot be signalled, but is there.
    return systemCode(error) === 'EPERM';
  }
}
