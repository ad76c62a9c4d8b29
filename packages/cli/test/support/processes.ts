import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process is there and has not ended; one that nobody has waited for yet has. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    // Systems without /proc answer the signal, and that is all that is known.
    return error instanceof Error && 'syscall' in error && error.syscall === 'open';
  }
}

/** Polls until a process has ended. Throws after 10 s. */
export async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; isRunning(pid); waited += 50) {
    if (waited > 10_000) throw new Error(`process ${pid} is still running`);
    await delay(50);
  }
}
