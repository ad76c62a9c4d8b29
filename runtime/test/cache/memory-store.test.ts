import assert from 'node:assert/strict';
import { MemoryStore } from '../../src/cache/memory-store';

describe('MemoryStore', () => {
  it('keeps an answer without the rest of the memory that it came in', () => {
    const store = new MemoryStore(1024);
    const frame = Buffer.alloc(8192).subarray(100, 200).fill(7);
    store.set('a', frame, 1000);
    const kept = store.get('a');
    assert.deepEqual(kept, Buffer.alloc(100, 7));
    assert.equal(kept.buffer.byteLength, 100);
  });

  it('counts what an entry takes besides its answer, and forgets what was not asked for longest', () => {
    const store = new MemoryStore(1024);
    for (const key of ['a', 'b', 'c']) store.set(key, Buffer.alloc(100), 1000);
    assert.equal(store.get('a'), undefined);
    assert.equal(store.bytes, 2 * (100 + 384));
  });
});
