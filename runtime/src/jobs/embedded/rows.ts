import type { Delivery, Job, JobFailure, JobRequest, JobState, Progress } from '../job';

/** A row of the table `job`. */
export interface JobRow {
  readonly seq: number;
  readonly id: string;
  readonly caller: string;
  readonly state: JobState;
  readonly request: string;
  readonly fingerprint: string;
  readonly callback: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly expires_at: number | null;
  readonly attempts: number;
  readonly progress: string | null;
  readonly failure: string | null;
  readonly delivery: string | null;
}

export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    caller: row.caller,
    state: row.state,
    request: JSON.parse(row.request) as JobRequest,
    fingerprint: row.fingerprint,
    callback: row.callback ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    expiresAt: row.expires_at ?? undefined,
    attempts: row.attempts,
    progress: parsed(row.progress) as Progress | undefined,
    failure: parsed(row.failure) as JobFailure | undefined,
    delivery: parsed(row.delivery) as Delivery | undefined,
  };
}

function parsed(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}
