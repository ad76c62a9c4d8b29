import assert from 'node:assert/strict';
import { Fifo } from '../../src/engine/fifo';

describe('Fifo', () => {
  it('gives items back in their order, however pushes and shifts mix', () => {
    const fifo = new Fifo<{ readonly n: number }>();
    const out: (number | undefined)[] = [];
    let next = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < round % 7; i++) fifo.push({ n: next++ });
      for (let i = 0; i < round % 5; i++) if (fifo.length > 0) out.push(fifo.shift()?.n);
    }
    while (fifo.length > 0) out.push(fifo.shift()?.n);
    assert.deepEqual(
      out,
      Array.from({ length: next }, (_, i) => i),
    );
    assert.equal(fifo.shift(), undefined);
  });

  it('lets items be taken out of the middle, once', () => {
    const fifo = new Fifo<{ readonly n: number }>();
    const takeOut = Array.from({ length: 1000 }, (_, n) => fifo.push({ n }));
    assert.equal(fifo.shift()?.n, 0);
    for (let n = 0; n < 1000; n++) if (n % 100 !== 0) takeOut[n]!();
    takeOut[0]!();
    takeOut[1]!();
    assert.equal(fifo.length, 9);
    const left = Array.from({ length: 9 }, () => fifo.shift()?.n);
    assert.deepEqual(left, [100, 200, 300, 400, 500, 600, 700, 800, 900]);
    assert.equal(fifo.length, 0);
    assert.equal(fifo.shift(), undefined);
  });
});
