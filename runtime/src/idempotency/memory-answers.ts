import type { AnswerStore, Begun } from './answer-store';

interface Entry {
  readonly fingerprint: string;
  readonly answer: Uint8Array | undefined;
  readonly expiresAt: number;
}

/** What an entry takes besides its answer, roughly. */
const overheadBytes = 512;

/** Answers in memory, the oldest going first where there are too many. */
export class MemoryAnswers implements AnswerStore {
  /** In the order in which they began. */
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  beginAnswer(id: string, fingerprint: string, now: number, until: number): Promise<Begun> {
    const there = this.entries.get(id);
    if (there !== undefined && there.expiresAt > now) {
      if (there.fingerprint !== fingerprint) return Promise.resolve({ kind: 'other' });
      const { answer } = there;
      return Promise.resolve(answer === undefined ? { kind: 'busy' } : { kind: 'done', answer });
    }
    this.put(id, { fingerprint, answer: undefined, expiresAt: until });
    return Promise.resolve({ kind: 'new' });
  }

  keepAnswer(id: string, answer: Uint8Array, expiresAt: number): Promise<void> {
    const there = this.entries.get(id);
    if (there !== undefined) this.put(id, { ...there, answer, expiresAt });
    return Promise.resolve();
  }

  dropAnswer(id: string): Promise<void> {
    this.remove(id);
    return Promise.resolve();
  }

  private put(id: string, entry: Entry): void {
    this.remove(id);
    this.entries.set(id, entry);
    this.bytes += weight(entry);
    for (const [oldest] of this.entries) {
      if (this.bytes <= this.maxBytes) break;
      this.remove(oldest);
    }
  }

  private remove(id: string): void {
    const there = this.entries.get(id);
    if (there === undefined) return;
    this.entries.delete(id);
    this.bytes -= weight(there);
  }
}

function weight({ answer }: Entry): number {
  return overheadBytes + (answer?.byteLength ?? 0);
}
