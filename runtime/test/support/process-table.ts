import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Fields of `/proc/<pid>/stat` after the name: the state, the parent's id, …; none where it is gone. */
function stat(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Processes whose parent is a given one. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => stat(child)[1] === String(pid));
}

/** Whether a process runs: one that only waits to be reaped does not. */
export function runs(pid: number): boolean {
  const [state] = stat(pid);
  return state !== undefined && state !== 'Z';
}

/** Waits until something holds; for ever would keep mocha from ending. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not come to hold in 15 s: ${holds.toString()}`);
    await setTimeout(20);
  }
}
