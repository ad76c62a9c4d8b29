import { readdirSync } from 'node:fs';
import { procFile } from './process-stat';

/** What a process holds of the machine. Linux only. */
export interface Holdings {
  readonly rssBytes: number;
  readonly threads: number;
  /** Open files and sockets. */
  readonly handles: number;
}

/** @throws Error for a process that has ended */
export function holdingsOf(pid: number): Holdings {
  const status = procFile(pid, 'status');
  const number = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const rssBytes = number('VmRSS') * 1024;
  if (Number.isNaN(rssBytes)) throw new Error(`process ${pid} has ended`);
  return { rssBytes, threads: number('Threads'), handles: readdirSync(`/proc/${pid}/fd`).length };
}

export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
