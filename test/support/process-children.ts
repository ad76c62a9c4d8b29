import { procFile } from './process-stat';

/** Processes that a process started, and that are there still. Linux only. */
export function childrenOf(pid: number): readonly number[] {
  return procFile(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}
