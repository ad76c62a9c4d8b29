import { headers, path, routes } from '@manara/contract';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import type { JobRequest } from '../jobs/job';
import type { Accepted, Jobs, Order } from '../jobs/jobs';
import { jobView } from '../jobs/views';
import { idempotencyKeyOf } from '../idempotency/guard';
import { prefersAsync, respondAsync } from './prefer';
import { repeatable } from './repeatable';
import { sendFile, sendJson, sendReply } from './reply';
import type { Exchange, RouteHandler } from './router';

const pageSize = { normal: 50, greatest: 500 };

/**
 * Headers of a request that have a say in its answer, and are kept with its job. Others are not: some
 * are secrets, and who keeps what nobody needs has to answer for it.
 */
const keptHeaders = [headers.traceparent, 'cache-control'] as const;

/** Answers 202 once the job is on disk. @throws ServingError */
export async function acceptJob(
  { jobs }: ServerContext,
  { response, terms }: Exchange,
  request: Omit<JobRequest, 'headers' | 'standing'>,
  input: Uint8Array,
  order: Pick<Order, 'sameness'> & { readonly idempotencyKey?: string },
): Promise<Accepted> {
  if (jobs === undefined) throw errors.jobsOff(`"Prefer: ${respondAsync}"`);
  const accepted = await jobs.accept({
    caller: terms.caller,
    request: { ...request, headers: kept(terms), standing: terms.caller.standing },
    input,
    callback: terms.header(headers.jobCallback),
    idempotencyKey: idempotencyKeyOf(terms),
    ...order,
  });
  const { job, isReplay } = accepted;
  const location = path(routes.job, { job: job.id });
  if (prefersAsync(terms)) response.setHeader(headers.preferenceApplied, respondAsync);
  if (isReplay) response.setHeader(headers.idempotencyReplayed, 'true');
  response.setHeader('location', location);
  response.setHeader('content-location', location);
  sendJson(response, 202, jobView(await jobs.find(terms.caller, job.id)));
  return accepted;
}

function kept(terms: CallTerms): Readonly<Record<string, string>> {
  const entries = keptHeaders.map((name) => [name, terms.header(name)] as const);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is readonly [(typeof entry)[0], string] => entry[1] !== undefined,
    ),
  );
}

/** Handlers of the routes below `/v2/jobs`. */
export function jobHandlers(
  context: ServerContext,
): Readonly<Record<'jobs' | 'job' | 'jobResult' | 'jobCancel', RouteHandler>> {
  const { jobs, batches } = context;
  const handler =
    (handle: (jobs: Jobs, exchange: Exchange, id: string) => Promise<void>): RouteHandler =>
    (exchange) => {
      if (jobs === undefined) throw errors.jobsOff('this route');
      return handle(jobs, exchange, exchange.parameters.job ?? '');
    };
  return {
    jobs: handler(async (open, { request, response, terms }) => {
      const { limit, after } = pageOf(request.url ?? '');
      const page = await open.list(terms.caller, limit, after);
      sendJson(response, 200, { jobs: page.jobs.map(jobView), next: page.next });
    }),
    job: handler(async (open, { response, terms }, id) => {
      sendJson(response, 200, jobView(await open.find(terms.caller, id)));
    }),
    jobResult: handler(async (open, { response, terms }, id) => {
      const { body, file, ...reply } = await open.result(terms.caller, id);
      if (file === undefined) sendReply(response, { ...reply, parts: [body] });
      else await sendFile(response, reply, batches?.files.path(file) ?? '');
    }),
    jobCancel: handler(async (open, exchange, id) => {
      const view = await repeatable(context, exchange, Buffer.alloc(0), async () =>
        jobView(await open.cancel(exchange.terms.caller, id)),
      );
      sendJson(exchange.response, 200, view);
    }),
  };
}

function pageOf(url: string): { readonly limit: number; readonly after: string | undefined } {
  const query = new URL(url, 'http://localhost').searchParams;
  const after = query.get('after') ?? undefined;
  if (after !== undefined && !/^\d{1,15}$/.test(after)) {
    throw errors.fieldInvalid('after', JSON.stringify(after), '"next" of the page before');
  }
  const text = query.get('limit') ?? String(pageSize.normal);
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > pageSize.greatest) {
    const expected = `a whole number from 1 to ${pageSize.greatest}`;
    throw errors.fieldInvalid('limit', JSON.stringify(text), expected);
  }
  return { limit, after };
}
