/** `open`: it could not be told; that is neither right nor wrong. */
export type Verdict = 'ok' | 'open' | 'failed';

/** One thing that was looked at, and what was found. */
export interface Check {
  readonly verdict: Verdict;
  /** None for what concerns the whole stack. */
  readonly endpoint?: string;
  /** What was looked at: `server`, `version 2`, `answers 2`, `recovery.time`, `exercise`. */
  readonly what: string;
  /** Id of the site; none for what concerns all of them. */
  readonly site?: string;
  readonly found: string;
}
