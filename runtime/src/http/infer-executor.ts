import type { ServerContext } from '../context';
import type { StoredReply } from '../jobs/job';
import type { JobExecutor, JobWork } from '../jobs/runner';
import { BodyCodec } from './codec';
import { answerInference, replyOf } from './infer';
import type { InferOptions } from './infer-job';
import type { HttpReply } from './reply';

/** Runs the inferences that were made jobs. */
export class InferExecutor implements JobExecutor {
  readonly isResumable = false;
  /** Of its own: what waits in it keeps no caller waiting. */
  private readonly codec = new BodyCodec();

  constructor(private readonly context: Pick<ServerContext, 'pipeline' | 'observer'>) {}

  async run({ job, input, terms }: JobWork): Promise<StoredReply> {
    const { observer } = this.context;
    const { model, version, options } = job.request;
    const { jsonLength } = options as InferOptions;
    const call = observer.begin('job', terms);
    call.model = model;
    try {
      const parameters = { model, ...(version === undefined ? {} : { version }) };
      const parts = { context: this.context, codec: this.codec };
      const body = alignedCopy(input, jsonLength);
      const asked = { call, parameters, terms };
      return stored(replyOf(await answerInference(parts, asked, body, jsonLength)));
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

function stored({ status, headers: names, parts }: HttpReply): StoredReply {
  return { status, headers: names, body: Buffer.concat(parts.map(bytesOf)) };
}

function bytesOf(part: string | Uint8Array): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part;
}
