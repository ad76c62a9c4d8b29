import { randomUUID } from 'node:crypto';
import type { Caller } from '../call';
import type { ServerContext } from '../context';
import { asServingError, errors } from '../errors';
import { type BatchTask, stateOf } from '../jobs/batch/executor';
import type { BatchPlaces } from '../jobs/batch/files';
import type { BatchFolders } from '../jobs/batch/folders';
import { formatOfFile, formatOfType } from '../jobs/batch/formats';
import { type BatchOptions, optionsOfQuery, readBatchOptions } from '../jobs/batch/options';
import { planRows } from '../jobs/batch/rows';
import { jobId } from '../jobs/jobs';
import { idempotencyKeyOf } from '../idempotency/guard';
import type { RequestSignature } from '../protocol/validate';
import { readBody } from './body';
import { asObject, asString, parseJson } from './fields';
import { acceptJob } from './job-routes';
import type { Exchange } from './router';

/** Greatest body that names a file and what to do with it. */
const maxOrderBytes = 64 * 1024;

/** An order of a batch, once its input is on disk. */
interface Ordered {
  readonly task: BatchTask;
  /** Digest or path of the input, to tell one order from another. */
  readonly input: string;
}

/** `POST …/batch`: a file in the body, or JSON that names one below the input folder. */
export async function batchRoute(context: ServerContext, exchange: Exchange): Promise<void> {
  const { batches, jobs, pipeline } = context;
  if (jobs === undefined || batches === undefined) throw errors.jobsOff('a batch');
  const { request, parameters } = exchange;
  const { model = '', version } = parameters;
  const { signature } = pipeline.find(model, version);
  const type = request.headers['content-type'];
  const isOrder = type?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
  // The job's name is known before its file is there, so that no file is without one.
  const key = idempotencyKeyOf(exchange.terms) ?? randomUUID();
  const { task, input } = isOrder
    ? await orderOf(exchange, batches, signature)
    : await uploadOf(exchange, batches, signature, jobId(exchange.terms.caller, key));
  const discard = async (): Promise<void> => {
    if ('upload' in task.input) await batches.files.remove(task.input.upload);
  };
  const { options } = task;
  const sameness = JSON.stringify([model, version, options, input]);
  const job = { kind: 'batch', model, version, options: task } as const;
  try {
    const { isReplay } = await acceptJob(context, exchange, job, Buffer.alloc(0), {
      sameness,
      idempotencyKey: key,
    });
    if (isReplay) await discard();
  } catch (error) {
    // A store that went away may have taken the job, which needs its file; if not, the next start removes it.
    if (asServingError(error).code !== 'JOB_STORE_AWAY') await discard();
    throw error;
  }
}

async function orderOf(
  { request, held, terms: { caller } }: Exchange,
  { folders }: BatchPlaces,
  signature: RequestSignature,
): Promise<Ordered> {
  const body = await readBody(request, {
    limit: { bytes: maxOrderBytes, whose: 'the limit of an order' },
    held,
  });
  const json = asObject(parseJson(body), '(body)');
  const options = readBatchOptions(json);
  await check(options, signature, folders, caller);
  const file = asString(json.input, 'input');
  const path = await folders.input(caller.id, file);
  const format = formatOfFile(file, 'input');
  const state = await stateOf(path);
  return { task: { options, format, input: { file }, state }, input: `${file} ${state}` };
}

async function uploadOf(
  { request, terms: { caller } }: Exchange,
  { files, folders }: BatchPlaces,
  signature: RequestSignature,
  job: string,
): Promise<Ordered> {
  const format = formatOfType(request.headers['content-type']);
  if (format === undefined) {
    throw errors.batchTypeUnsupported(request.headers['content-type'] ?? '');
  }
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined) throw errors.contentEncodingUnsupported(encoding);
  const query = new URL(request.url ?? '', 'http://localhost').searchParams;
  const options = readBatchOptions(optionsOfQuery(query));
  await check(options, signature, folders, caller);
  const { name, sha256 } = await files.receive(request, job);
  const state = await stateOf(files.path(name));
  return { task: { options, format, input: { upload: name }, state }, input: sha256 };
}

/** What can be refused before a file is looked at. */
async function check(
  { columns, keep, output }: BatchOptions,
  signature: RequestSignature,
  folders: BatchFolders,
  caller: Caller,
): Promise<void> {
  planRows(signature, columns);
  const taken = ['error', ...signature.outputs.map(({ name }) => name)];
  for (const column of keep) {
    if (!taken.includes(column)) continue;
    throw errors.fieldInvalid('keep', JSON.stringify(column), `none of ${taken.join(', ')}`);
  }
  if (output !== undefined) await folders.output(caller.id, output);
}
