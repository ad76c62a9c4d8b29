import { anonymous, type Caller, type CallTerms } from '../call';
import type { Job } from './job';

/** The terms of a job: those of the call that made it. */
export class JobTerms implements CallTerms {
  readonly caller: Caller;
  /** Whoever waits goes first. */
  readonly priority = 2;

  constructor(
    private readonly job: Job,
    readonly left: AbortSignal,
  ) {
    // What the job asks for was allowed as it was ordered; a rule that has changed since does not end it.
    this.caller = { ...anonymous, id: job.caller };
  }

  header(name: string): string | undefined {
    return this.job.request.headers[name];
  }
}
