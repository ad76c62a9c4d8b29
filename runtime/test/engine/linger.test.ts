import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout } from 'node:timers/promises';
import { Linger } from '../../src/engine/linger';

/** Turns of the event loop in so many milliseconds, with a timer that would let it sleep. */
async function turnsIn(millis: number, linger: Linger): Promise<number> {
  const { setImmediate } = globalThis;
  let turns = 0;
  globalThis.setImmediate = ((act: () => void) => {
    turns++;
    return setImmediate(act);
  }) as typeof setImmediate;
  try {
    linger.begin();
    await setTimeout(millis);
  } finally {
    globalThis.setImmediate = setImmediate;
  }
  return turns;
}

describe('Linger', () => {
  it('turns for a moment, and then lets the loop sleep', async () => {
    const linger = new Linger(2);
    assert.ok((await turnsIn(20, linger)) >= 1);
    await turn();
    // Begun again, whatever was before.
    assert.ok((await turnsIn(20, linger)) >= 1);
    const began = process.cpuUsage();
    await setTimeout(100);
    const { user, system } = process.cpuUsage(began);
    assert.ok(user + system < 90_000, `${user + system} µs in 100 ms`);
  });

  it('does nothing with one core', async () => {
    assert.equal(await turnsIn(20, new Linger(1)), 0);
  });
});
