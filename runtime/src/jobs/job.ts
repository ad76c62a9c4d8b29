import type { Standing } from '../call';

/** What becomes of a job: queued ⇄ running, then one of the others for good. */
export const jobStates = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'canceled',
  'expired',
] as const;
export type JobState = (typeof jobStates)[number];

/** How a job can end by running. */
export type EndState = 'succeeded' | 'failed';

export type JobKind = 'infer' | 'batch';

/** What a job is to do; it never changes. */
export interface JobRequest {
  readonly kind: JobKind;
  readonly model: string;
  /** As the path had it; `undefined`: the version that answers by default when the job runs. */
  readonly version: string | undefined;
  /** Headers that have a say in the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** What rules go by when the job runs. @default - there were no rules as it was ordered */
  readonly standing?: Standing | undefined;
  /** What the kind of job needs besides; JSON. */
  readonly options: unknown;
}

/** How far a job is. */
export interface Progress {
  readonly rows: number;
  /** Bytes of the input that are read. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Where a job that is interrupted goes on from; JSON of the kind of job, shown to nobody. */
  readonly resume?: unknown;
}

/** How the event that tells of a job's end fares. */
export interface Delivery {
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Milliseconds since 1970 of the last attempt. */
  readonly at?: number;
  /** Why the last attempt failed. */
  readonly error?: string;
}

/** A job as it is accepted. */
export interface NewJob {
  /** Made from the idempotency key where there is one, so that the same request is the same job. */
  readonly id: string;
  readonly caller: string;
  readonly request: JobRequest;
  /** Digest of the request, to tell another one of the same key from it. */
  readonly fingerprint: string;
  /** Milliseconds since 1970; so are all times here. */
  readonly createdAt: number;
  readonly callback: string | undefined;
  readonly input: Uint8Array;
}

/** A job as it stands. */
export interface Job extends Omit<NewJob, 'input'> {
  readonly state: JobState;
  /** Begin of the last run. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** End of the result, then of the knowledge that there was a job. */
  readonly expiresAt: number | undefined;
  /** Runs that began and neither ended nor gave the job back: the server was lost meanwhile. */
  readonly attempts: number;
  readonly progress: Progress | undefined;
  /** What it failed with. */
  readonly failure: JobFailure | undefined;
  readonly delivery: Delivery | undefined;
}

export interface JobFailure {
  readonly code: string;
  readonly message: string;
}

/** An answer as it is kept: what the synchronous call would have been answered. */
export interface StoredReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Name of the file that holds the body in its place. @default - none does */
  readonly file?: string;
}

/** How a run ended. */
export interface Ending {
  readonly state: EndState;
  readonly reply: StoredReply;
  readonly failure: JobFailure | undefined;
  readonly at: number;
  readonly expiresAt: number;
}

export function isOver(state: JobState): boolean {
  return state !== 'queued' && state !== 'running';
}
