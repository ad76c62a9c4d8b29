import { execFileSync } from 'node:child_process';

/**
 * Ends a process and all that it started at once, as the loss of its machine would: the engine first,
 * then the program and the providers.
 */
export function killTree(pid: number): void {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const parents = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (of: number): readonly number[] => [
    of,
    ...parents.flatMap(([child, parent]) => (parent === of ? below(child!) : [])),
  ];
  for (const found of below(pid)) {
    try {
      process.kill(found, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}
