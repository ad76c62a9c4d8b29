import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** More than the rest of the process, where 19 yields to everything. An idle core is still used whole. */
const niceness = 5;

/**
 * Has this thread yield to the I/O thread where both want the same core: whoever asks whether the
 * server is healthy, or is refused, is answered while every inference thread is busy.
 *
 * Linux keeps a niceness for each thread. Elsewhere, and where it is refused, nothing changes.
 */
export function yieldToIo(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(19, getPriority(thread) + niceness));
  } catch {
    // No such file, or not allowed: the threads stay equals.
  }
}
