import type { CallTerms } from '../call';
import { errors } from '../errors';

/** Milliseconds that a timer of Node.js can wait. */
const greatestTimer = 2 ** 31 - 1;

export type Landed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** A run that several requests wait for. It is given up once none of them does any more. */
export class Flight<T> {
  private waiting = 0;
  private readonly allLeft = new AbortController();
  private readonly landed: Promise<Landed<T>>;

  /** @param run - started at once, with a signal that all have left. */
  constructor(run: (left: AbortSignal) => Promise<T>) {
    this.landed = run(this.allLeft.signal).then(
      (value) => ({ ok: true, value }),
      (error: unknown) => ({ ok: false, error }),
    );
  }

  /** Resolves once the run has ended, however. */
  get over(): Promise<unknown> {
    return this.landed;
  }

  /** Whether a request can still join: what was given up may never land. */
  get isOpen(): boolean {
    return !this.allLeft.signal.aborted;
  }

  /**
   * Waits for the run as one of those that share it.
   *
   * @param deadline - after which to wait no longer, as `performance.now()` gives it.
   * @throws ServingError REQUEST_CANCELED or DEADLINE_EXCEEDED, where this one leaves; the run goes on
   *   for the others.
   */
  join({ left }: CallTerms, deadline = Infinity): Promise<Landed<T>> {
    return new Promise((resolve, reject) => {
      this.waiting++;
      let timer: NodeJS.Timeout | undefined;
      const stop = (): void => {
        clearTimeout(timer);
        left.removeEventListener('abort', cancel);
      };
      const leave = (error: Error): void => {
        stop();
        reject(error);
        if (--this.waiting === 0) this.allLeft.abort();
      };
      const cancel = (): void => {
        leave(errors.requestCanceled());
      };
      if (left.aborted) {
        cancel();
        return;
      }
      left.addEventListener('abort', cancel);
      if (deadline < Infinity) {
        const millis = Math.min(deadline - performance.now(), greatestTimer);
        timer = setTimeout(() => {
          leave(errors.deadlineExceeded());
        }, millis);
      }
      void this.landed.then((landed) => {
        stop();
        // Of no effect where this one has left.
        resolve(landed);
      });
    });
  }
}
