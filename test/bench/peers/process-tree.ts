import { readdirSync } from 'node:fs';
import { processStat, type ProcessStat } from '../../support/process-stat';

/**
 * CPU time that a process, its children and theirs have used so far, in microseconds. What an ended
 * child used is not in it: servers are measured while their processes stay the same.
 *
 * @throws Error where the process has ended
 */
export function treeCpuMicros(root: number): number {
  const table = processTable();
  if (!table.has(root)) throw new Error(`process ${root} has ended`);
  return treeOf(root, table).reduce((sum, pid) => sum + (table.get(pid)?.cpuMicros ?? 0), 0);
}

/** Ends a process and its descendants at once: some outlive a parent that is killed. */
export function killTree(root: number): void {
  const table = processTable();
  if (!table.has(root)) return;
  for (const pid of treeOf(root, table)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** A process and its descendants, parents first. */
export function treeOf(
  root: number,
  table: ReadonlyMap<number, Pick<ProcessStat, 'parent'>>,
): readonly number[] {
  const tree = [root];
  for (const member of tree) {
    for (const [pid, { parent }] of table) if (parent === member) tree.push(pid);
  }
  return tree;
}

function processTable(): ReadonlyMap<number, ProcessStat> {
  const table = new Map<number, ProcessStat>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? processStat(pid) : undefined;
    if (stat !== undefined) table.set(pid, stat);
  }
  return table;
}
