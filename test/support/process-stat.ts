import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export interface ProcessStat {
  readonly parent: number;
  /** CPU time used so far, user and system. */
  readonly cpuMicros: number;
}

/** Undefined for a process that has ended. Linux only. */
export function processStat(pid: number): ProcessStat | undefined {
  const stat = procFile(pid, 'stat');
  if (stat === '') return undefined;
  // The command's name, in parentheses, may hold spaces; what follows begins with the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent = NaN, user = NaN, system = NaN] = [1, 11, 12].map((i) => Number(fields[i]));
  return { parent, cpuMicros: ((user + system) * 1e6) / ticksPerSecond };
}

/** CPU time that a process has used so far. @throws Error for one that has ended */
export function cpuMicros(pid: number): number {
  const stat = processStat(pid);
  if (stat === undefined) throw new Error(`process ${pid} has ended`);
  return stat.cpuMicros;
}

/** A file of a process's in `/proc`; empty where it has ended. */
export function procFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
