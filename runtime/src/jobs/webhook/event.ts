import { path, routes } from '@manara/contract';
import type { Job } from '../job';
import { jobView } from '../views';

/**
 * The event that tells of a job's end, as structured JSON. It carries no result: who may read that asks
 * for it. Its id is the job's, so that a receiver can tell when it got the same event twice.
 * Source: CloudEvents 1.0.2, JSON event format; read 2026-11.
 */
export function endEvent(job: Job): string {
  const data = { ...jobView(job), callback: undefined };
  return JSON.stringify({
    specversion: '1.0',
    id: job.id,
    source: path(routes.jobs),
    type: `dev.manara.job.${job.state}`,
    subject: job.id,
    time: new Date(job.finishedAt ?? job.createdAt).toISOString(),
    datacontenttype: 'application/json',
    data,
  });
}

export const eventType = 'application/cloudevents+json; charset=utf-8';
