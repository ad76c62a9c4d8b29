import { path, routes } from '@manara/contract';
import { isOver, type Job } from './job';

/** A job as its caller sees it. Times are ISO 8601. */
export function jobView(job: Job): Readonly<Record<string, unknown>> {
  const { id, state, request, attempts, progress, failure, delivery } = job;
  return {
    id,
    state,
    kind: request.kind,
    model_name: request.model,
    model_version: request.version,
    created_at: time(job.createdAt),
    started_at: time(job.startedAt),
    finished_at: time(job.finishedAt),
    expires_at: time(job.expiresAt),
    attempts,
    progress: progress && {
      rows: progress.rows,
      bytes: progress.bytes,
      total_bytes: progress.totalBytes,
    },
    error: failure && { error: failure.message, code: failure.code },
    callback: job.callback && {
      url: job.callback,
      state: delivery?.state,
      attempts: delivery?.attempts,
      last_attempt_at: time(delivery?.at),
      last_error: delivery?.error,
    },
    status_url: path(routes.job, { job: id }),
    result_url:
      isOver(state) && state !== 'canceled' ? path(routes.jobResult, { job: id }) : undefined,
  };
}

function time(millis: number | undefined): string | undefined {
  return millis === undefined ? undefined : new Date(millis).toISOString();
}
