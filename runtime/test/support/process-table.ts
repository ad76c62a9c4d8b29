import { readdirSync, readFileSync } from 'node:fs';

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
