import { callerOf } from './answer-id';
import { answerOverhead, type AnswerStore, type Begun } from './answer-store';

interface Entry {
  readonly fingerprint: string;
  /** `undefined`: the request is under way. */
  readonly answer: Uint8Array | undefined;
  readonly expiresAt: number;
}

/** Answers of one caller, in the order in which they were given. */
interface Share {
  readonly ids: Set<string>;
  bytes: number;
}

/** Answers in memory. Where there are too many, the oldest of whoever has most go. */
export class MemoryAnswers implements AnswerStore {
  private readonly entries = new Map<string, Entry>();
  /** By caller; what is under way is in none, as it must not be forgotten. */
  private readonly shares = new Map<string, Share>();
  private bytes = 0;

  constructor(private readonly maxBytes: number) {}

  beginAnswer(id: string, fingerprint: string, now: number, until: number): Promise<Begun> {
    const there = this.entries.get(id);
    if (there !== undefined && there.expiresAt > now) {
      if (there.fingerprint !== fingerprint) return Promise.resolve({ kind: 'other' });
      const { answer } = there;
      return Promise.resolve(answer === undefined ? { kind: 'busy' } : { kind: 'done', answer });
    }
    this.remove(id);
    this.entries.set(id, { fingerprint, answer: undefined, expiresAt: until });
    return Promise.resolve({ kind: 'new' });
  }

  holdAnswer(id: string, fingerprint: string, until: number): Promise<void> {
    if (this.isUnderWay(id, fingerprint)) {
      this.entries.set(id, { fingerprint, answer: undefined, expiresAt: until });
    }
    return Promise.resolve();
  }

  keepAnswer(
    id: string,
    fingerprint: string,
    answer: Uint8Array,
    expiresAt: number,
  ): Promise<void> {
    if (!this.isUnderWay(id, fingerprint)) return Promise.resolve();
    const caller = callerOf(id);
    const share = this.shares.get(caller) ?? { ids: new Set(), bytes: 0 };
    this.shares.set(caller, share);
    this.entries.set(id, { fingerprint, answer, expiresAt });
    share.ids.add(id);
    this.count(share, answer, 1);
    while (this.bytes > this.maxBytes) this.removeOldest();
    return Promise.resolve();
  }

  dropAnswer(id: string, fingerprint: string): Promise<void> {
    if (this.isUnderWay(id, fingerprint)) this.entries.delete(id);
    return Promise.resolve();
  }

  private isUnderWay(id: string, fingerprint: string): boolean {
    const there = this.entries.get(id);
    return there?.fingerprint === fingerprint && there.answer === undefined;
  }

  private removeOldest(): void {
    const [most] = [...this.shares.values()].sort((a, b) => b.bytes - a.bytes);
    const [oldest = ''] = most?.ids ?? [];
    this.remove(oldest);
  }

  private remove(id: string): void {
    const answer = this.entries.get(id)?.answer;
    this.entries.delete(id);
    const share = this.shares.get(callerOf(id));
    if (answer === undefined || share === undefined) return;
    share.ids.delete(id);
    this.count(share, answer, -1);
    if (share.ids.size === 0) this.shares.delete(callerOf(id));
  }

  private count(share: Share, { byteLength }: Uint8Array, sign: 1 | -1): void {
    const bytes = sign * (byteLength + answerOverhead);
    share.bytes += bytes;
    this.bytes += bytes;
  }
}
