import { setTimeout } from 'node:timers/promises';

/** Waits until something holds; for ever would keep mocha from ending. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not come to hold in 15 s: ${holds.toString()}`);
    await setTimeout(10);
  }
}
