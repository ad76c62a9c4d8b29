import type { Run, StepResult } from '../infer';

export type Outcome =
  | { readonly kind: 'answered'; readonly result: StepResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'late' };

/** A run that can be given up. It holds its version until it has ended, whether or not anybody waits. */
export class Attempt {
  private readonly gone = new AbortController();
  private readonly ended: Promise<Exclude<Outcome, { kind: 'late' }>>;

  constructor(run: Run, next: (run: Run) => Promise<StepResult>) {
    const { version, terms } = run;
    const { caller, deadline, priority, left } = terms;
    const leave = (): void => {
      this.abandon();
    };
    if (left.aborted) leave();
    left.addEventListener('abort', leave);
    version.acquire();
    const header = (name: string): string | undefined => terms.header(name);
    this.ended = next({
      ...run,
      terms: { caller, deadline, priority, left: this.gone.signal, header },
    })
      .then(
        (result) => ({ kind: 'answered', result }) as const,
        (error: unknown) => ({ kind: 'failed', error }) as const,
      )
      .finally(() => {
        left.removeEventListener('abort', leave);
        version.release();
      });
  }

  /** @param millis - after which it is late; it goes on none the less. @default - never */
  async within(millis?: number): Promise<Outcome> {
    if (millis === undefined) return this.ended;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: 'late' });
      }, millis);
    });
    const outcome = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return outcome;
  }

  /** What waits is not run any more; what runs goes on unheard. */
  abandon(): void {
    this.gone.abort();
  }
}
