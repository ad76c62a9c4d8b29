import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Profile } from '@manara/contract';

/** The machine that this runs on. */
export function nodeFacts(): NonNullable<Profile['node']> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    nodejs: process.version,
  };
}

/** Whether an address is this machine's own. */
export function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
