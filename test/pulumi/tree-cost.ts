import { readdirSync } from 'node:fs';
import { type ProcessStat, processStat, procFile } from '../support/process-stat';

/** What a process used, up to the last time that it was looked at. */
export interface ProcessCost {
  readonly command: string;
  /** Its peak of resident memory, shared pages included. */
  readonly peakMebibytes: number;
  /** User and system. */
  readonly cpuSeconds: number;
}

/** What a process and all that it started used. */
export interface TreeCost {
  /** The highest sum of what they held at one moment; pages that they share count in each. */
  readonly peakMebibytes: number;
  readonly processes: readonly ProcessCost[];
}

/** Time between two looks; what a process uses after the last one before its end is not seen. */
const intervalMillis = 25;

/** Looks at a process and its descendants until it is asked what they used. Linux only. */
export function watchTree(root: number): () => TreeCost {
  const costs = new Map<number, ProcessCost>();
  let peakMebibytes = 0;
  const look = (): void => {
    let sum = 0;
    for (const { pid, cpuMicros } of tree(root)) {
      const status = procFile(pid, 'status');
      const peak = mebibytes(status, 'VmHWM');
      // One that is ending holds nothing any more: the look before counts.
      if (peak === undefined) continue;
      sum += mebibytes(status, 'VmRSS') ?? 0;
      const command = procFile(pid, 'cmdline').replaceAll('\0', ' ').trim();
      costs.set(pid, { command, peakMebibytes: peak, cpuSeconds: cpuMicros / 1e6 });
    }
    peakMebibytes = Math.max(peakMebibytes, sum);
  };
  look();
  const timer = setInterval(look, intervalMillis);
  return () => {
    clearInterval(timer);
    return { peakMebibytes, processes: [...costs.values()] };
  };
}

interface Found extends ProcessStat {
  readonly pid: number;
}

function tree(root: number): readonly Found[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.map(Number).flatMap((pid) => {
    const stat = processStat(pid);
    return stat === undefined ? [] : [{ ...stat, pid }];
  });
  const below = (of: number): readonly Found[] =>
    all.filter(({ parent }) => parent === of).flatMap((child) => [child, ...below(child.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...below(root)];
}

/** A line of `/proc/<pid>/status`, which counts in KiB. */
function mebibytes(status: string, name: string): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}
