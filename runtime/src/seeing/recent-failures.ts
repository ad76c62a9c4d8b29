/** Requests that were not answered, of one kind. */
export interface Failures {
  readonly code: string;
  /** `undefined` where no version was found: what the caller named may be anything. */
  readonly model: string | undefined;
  readonly version: number | undefined;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly last: number;
}

/** Kinds that are remembered; the one that was last seen longest ago is forgotten first. */
const mostKinds = 50;

/** What was refused or failed of late, counted by kind, without a word of what was sent. */
export class RecentFailures {
  private readonly kinds = new Map<string, Failures>();

  note(code: string, model: string | undefined, version: number | undefined): void {
    const key = `${code} ${model ?? ''}/${version ?? ''}`;
    const count = (this.kinds.get(key)?.count ?? 0) + 1;
    // Taken out first: a map keeps the order in which keys came in.
    this.kinds.delete(key);
    this.kinds.set(key, { code, model, version, count, last: Date.now() });
    const [oldest] = this.kinds.keys();
    if (this.kinds.size > mostKinds && oldest !== undefined) this.kinds.delete(oldest);
  }

  /** The latest first. */
  list(): readonly Failures[] {
    return [...this.kinds.values()].reverse();
  }
}
