import type { Priority } from './engine/pending-run';

/** Who asks. */
export interface Caller {
  /** Name that limits, cached answers, jobs and audit lines are kept apart by; empty: nobody said. */
  readonly id: string;
}

/** The caller of a server that asks nobody who they are. */
export const anonymous: Caller = { id: '' };

/** Under what terms a request is to be answered, whatever protocol it came over. */
export interface CallTerms {
  readonly caller: Caller;
  /** Aborted once nobody waits for the answer: what is not run yet is not run. */
  readonly left: AbortSignal;
  /** After which the answer is of no use, as `performance.now()` gives it. @default - none */
  readonly deadline?: number | undefined;
  /** 0: before others; 2: what nobody waits for, such as jobs. @default 1 */
  readonly priority?: Priority | undefined;
  /** A header of the request, or the metadata of that name; the first where it stands twice. */
  header(name: string): string | undefined;
}
