import { headers } from '@manara/contract';
import type { ServerContext } from '../context';
import type { StoredReply } from '../jobs/job';
import type { JobExecutor, JobWork } from '../jobs/runner';
import { BodyCodec } from './codec';
import { answerInference, type SentInference } from './infer-answer';
import { acceptJob } from './job-routes';
import type { HttpReply } from './reply';
import type { Exchange } from './router';

interface InferOptions {
  readonly jsonLength: number;
}

/**
 * Makes a job of an inference. A request that the model would refuse is refused here and now: nobody
 * should have to ask twice to learn of a misspelt input.
 *
 * @throws ServingError
 */
export async function acceptInference(
  { context, codec }: { readonly context: ServerContext; readonly codec: BodyCodec },
  exchange: Exchange,
  { model, version, bytes, jsonLength }: SentInference,
): Promise<void> {
  const { signature } = context.pipeline.find(model, version);
  // What is read may move to another thread, and what is kept must be whole.
  const input = Buffer.from(bytes);
  await codec.read(signature, bytes, jsonLength, exchange.terms.left);
  const options: InferOptions = { jsonLength };
  await acceptJob(context, exchange, { kind: 'infer', model, version, options }, input);
}

/** Runs the inferences that were made jobs. */
export class InferExecutor implements JobExecutor {
  readonly isResumable = false;
  /** Of its own: what waits in it keeps no caller waiting. */
  private readonly codec = new BodyCodec();

  constructor(private readonly context: Pick<ServerContext, 'pipeline' | 'observer'>) {}

  async run({ job, input, terms }: JobWork): Promise<StoredReply> {
    const { pipeline, observer } = this.context;
    const { model, version, options } = job.request;
    const { jsonLength } = options as InferOptions;
    const call = observer.begin('job', terms.header(headers.traceparent));
    call.model = model;
    try {
      const sent = { model, version, bytes: alignedCopy(input, jsonLength), jsonLength };
      return stored(await answerInference({ pipeline, codec: this.codec }, call, sent, terms));
    } catch (thrown) {
      throw call.failed(thrown);
    }
  }

  /** All that it has is in the store. */
  release(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.codec.close();
  }
}

/** Binary tensors begin where the JSON ends, and views of them must be aligned to 8 bytes. */
function alignedCopy(input: Uint8Array, jsonLength: number): Buffer<ArrayBuffer> {
  const padding = (8 - (jsonLength % 8)) % 8;
  const copy = Buffer.allocUnsafeSlow(input.byteLength + padding).subarray(padding);
  copy.set(input);
  return copy;
}

export function stored({ status, headers: names, parts }: HttpReply): StoredReply {
  return { status, headers: names, body: Buffer.concat(parts.map(bytesOf)) };
}

function bytesOf(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
