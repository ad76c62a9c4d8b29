import assert from 'node:assert/strict';
import { Fifo } from '../../src/engine/fifo';

describe('Fifo', () => {
  it('gives items back in their order, however pushes and shifts mix', () => {
    const fifo = new Fifo<number>();
    const out: (number | undefined)[] = [];
    let next = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < round % 7; i++) fifo.push(next++);
      for (let i = 0; i < round % 5; i++) if (fifo.length > 0) out.push(fifo.shift());
    }
    while (fifo.length > 0) out.push(fifo.shift());
    assert.deepEqual(
      out,
      Array.from({ length: next }, (_, i) => i),
    );
    assert.equal(fifo.shift(), undefined);
  });
});
