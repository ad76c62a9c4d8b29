import type { Delivery, Job, JobFailure, JobRequest, JobState, Progress } from '../job';
import type { Reply } from './connection';

/** A job from the fields that the scripts' `read` gives, in its order; `undefined` where there is none. */
export function readJob(reply: Reply): Job | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [
    id = '',
    caller = '',
    state = '',
    request = '',
    fingerprint = '',
    callback,
    created,
    started,
    finished,
    expires,
    attempts,
    progress,
    failure,
    delivery,
  ] = (reply as readonly (Buffer | null)[]).map((field) => field?.toString());
  return {
    id,
    caller,
    state: state as JobState,
    request: JSON.parse(request) as JobRequest,
    fingerprint,
    callback,
    createdAt: Number(created),
    startedAt: numberOf(started),
    finishedAt: numberOf(finished),
    expiresAt: numberOf(expires),
    attempts: Number(attempts),
    progress: parsed(progress) as Progress | undefined,
    failure: parsed(failure) as JobFailure | undefined,
    delivery: parsed(delivery) as Delivery | undefined,
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
