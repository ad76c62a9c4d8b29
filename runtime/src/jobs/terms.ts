import type { Caller, CallTerms } from '../call';
import type { Job } from './job';

/** The terms of a job: those of the call that made it. */
export class JobTerms implements CallTerms {
  /** Whoever waits goes first. */
  readonly priority = 2;

  /** @param caller - who ordered the job, with what they may do now. */
  constructor(
    private readonly job: Job,
    readonly caller: Caller,
    readonly left: AbortSignal,
  ) {}

  header(name: string): string | undefined {
    return this.job.request.headers[name];
  }
}
