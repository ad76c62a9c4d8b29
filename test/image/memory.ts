import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the kernel says about a process's memory, in bytes. */
export interface Memory {
  readonly limit: number;
  /** Highest use so far, the page cache counted; unknown to kernels before 5.19 with cgroup v2. */
  readonly peak: number | undefined;
}

/** Reads the memory cgroup that a process is in, version 1 or 2. */
export function memoryOf(pid: number): Memory {
  const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line) ?? []);
  const first = groups.find(([, controllers]) => controllers === 'memory')?.[2];
  if (first !== undefined) {
    const folder = join('/sys/fs/cgroup/memory', first);
    return read(folder, 'memory.limit_in_bytes', 'memory.max_usage_in_bytes');
  }
  const second = groups.find(([, controllers]) => controllers === '')?.[2];
  if (second === undefined) throw new Error(`process ${pid} is in no memory cgroup`);
  return read(join('/sys/fs/cgroup', second), 'memory.max', 'memory.peak');
}

function read(folder: string, limit: string, peak: string): Memory {
  const number = (file: string): number => Number(readFileSync(join(folder, file), 'utf8'));
  return {
    limit: number(limit),
    peak: existsSync(join(folder, peak)) ? number(peak) : undefined,
  };
}
