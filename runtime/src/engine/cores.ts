import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Cores that this process may use: those of the machine that it may run on, and no more than the
 * container is given. Node.js 20 does not look at the latter.
 *
 * @param folder - where the control groups are mounted.
 */
export function availableCores(folder = '/sys/fs/cgroup'): number {
  const cores = availableParallelism();
  // More threads than the quota would be stopped together for the rest of each period.
  return Math.max(1, Math.min(cores, Math.floor(quota(folder) ?? cores)));
}

/** Cores' worth of time; `undefined` where there is no limit. Source: Linux, cgroup-v2 "cpu.max" and v1. */
function quota(folder: string): number | undefined {
  const [limit, period] = read(`${folder}/cpu.max`)?.split(' ') ?? [
    read(`${folder}/cpu/cpu.cfs_quota_us`),
    read(`${folder}/cpu/cpu.cfs_period_us`),
  ];
  const cores = Number(limit) / Number(period);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
