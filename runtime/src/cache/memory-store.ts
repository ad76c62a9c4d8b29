import { LRUCache } from 'lru-cache';
import type { CacheStore } from './store';

/** What an entry takes besides its frame: its key, and the nodes of the map and of the list. */
const overheadBytes = 256;

/** Answers in this process's memory; what was not asked for longest goes first. */
export class MemoryStore implements CacheStore {
  private readonly entries: LRUCache<string, Buffer>;

  constructor(maxBytes: number) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (frame) => frame.byteLength + overheadBytes,
    });
  }

  get bytes(): number {
    return this.entries.calculatedSize;
  }

  get(key: string): Buffer | undefined {
    return this.entries.get(key);
  }

  set(key: string, frame: Buffer, keepMillis: number): void {
    this.entries.set(key, frame, { ttl: keepMillis });
  }

  close(): void {
    this.entries.clear();
  }
}
