import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { NameWatch } from '../../src/drill/name-watch';

describe('NameWatch', () => {
  it('asks on while a request hangs, and notes what each came to', async () => {
    let asked = 0;
    let release = (): void => undefined;
    const hanging = new Promise<void>((resolve) => (release = resolve));
    const watch = new NameWatch(async () => {
      asked += 1;
      if (asked === 1) await hanging;
      return asked === 1 ? undefined : 'refused';
    }, 10);
    while (watch.probes.length < 4) await delay(5);
    assert.equal(watch.probes[0]?.settled, undefined);
    assert.equal(watch.probes[1]?.settled?.failure, 'refused');
    release();
    await watch.stop();
    const { length } = watch.probes;
    assert.ok(watch.probes.every(({ settled }) => settled !== undefined));
    await delay(30);
    assert.equal(watch.probes.length, length);
  });
});
