import type { CallerLimit, Verb } from '@manara/contract';
import type { Priority } from './protocol/urgency';
import type { Protocol } from './telemetry/version-metrics';

/** Who asks. */
export interface Caller {
  /** Name that limits, cached answers, jobs and audit lines are kept apart by; empty: nobody said. */
  readonly id: string;
  /**
   * Under what a caller may do something, `undefined` where they may not.
   *
   * @param model - `undefined`: what concerns the server as a whole.
   * @param version - `undefined`: none is known; only what is allowed on all versions is then.
   */
  permit(verb: Verb, model?: string, version?: number): Permit | undefined;
  /** @default - there are no rules to go by */
  readonly standing?: Standing;
}

/**
 * What rules go by besides the caller's name. It is kept with what is done later in the caller's name, as
 * JSON; there is no credential in it.
 */
export interface Standing {
  readonly groups: readonly string[];
  /** @default - none */
  readonly scopes?: readonly string[];
  /** Those that rules name. @default - none */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

/** What allows a caller to do something. */
export interface Permit {
  /** Tells it from others: uses of one permit by one caller count together. */
  readonly name: string;
  /** @default - none */
  readonly limit?: CallerLimit;
}

const always: Permit = { name: '' };

/** The caller of a server that asks nobody who they are. */
export const anonymous: Caller = { id: '', permit: () => always };

/**
 * Tells that nobody waits for an answer any more. It is the part of an `AbortSignal` that is used here, so
 * that an `AbortSignal` is one; making one of those for each request costs more than reading a small one.
 */
export interface LeaveSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The leave signal of one request, and what sets it off. */
export class CallerLeft implements LeaveSignal {
  private hasLeft = false;
  private listeners: readonly (() => void)[] = [];

  get aborted(): boolean {
    return this.hasLeft;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners = [...this.listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners = this.listeners.filter((other) => other !== listener);
  }

  /** Nobody waits any more. Only the first call counts. */
  abort(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener();
  }
}

/** A leave signal as an `AbortSignal`, for what combines several. */
export function abortSignalOf(left: LeaveSignal): AbortSignal {
  if (left instanceof AbortSignal) return left;
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  if (left.aborted) abort();
  else left.addEventListener('abort', abort);
  return controller.signal;
}

/** Under what terms a request is to be answered, whatever protocol it came over. */
export interface CallTerms {
  readonly caller: Caller;
  /** @default - it is a job's, and came over none */
  readonly protocol?: Protocol | undefined;
  /** Aborted once nobody waits for the answer: what is not run yet is not run. */
  readonly left: LeaveSignal;
  /** After which the answer is of no use, as `performance.now()` gives it. @default - none */
  readonly deadline?: number | undefined;
  /** 0: before others; 2: what nobody waits for, such as jobs. @default 1 */
  readonly priority?: Priority | undefined;
  /** A header of the request, or the metadata of that name; the first where it stands twice. */
  header(name: string): string | undefined;
}
