import type { Caller } from '../call';
import type { Identified } from './credential';

/**
 * Callers by a digest of what they showed, so that a credential is checked once and not with each
 * request. Bounded: what was added first goes first.
 */
export class CredentialCache {
  private readonly entries = new Map<string, Identified>();

  constructor(private readonly limit = 10_000) {}

  get(digest: string, now: number): Caller | undefined {
    const found = this.entries.get(digest);
    if (found === undefined) return undefined;
    if (found.expires > now) return found.caller;
    this.entries.delete(digest);
    return undefined;
  }

  set(digest: string, identified: Identified): void {
    const [oldest] = this.entries.keys();
    if (this.entries.size >= this.limit && oldest !== undefined) this.entries.delete(oldest);
    this.entries.set(digest, identified);
  }

  /** To be called when what credentials are checked against has changed. */
  clear(): void {
    this.entries.clear();
  }
}
