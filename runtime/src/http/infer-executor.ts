import type { ServerContext } from '../context';
import type { Target } from '../infer';
import type { Job, StoredReply } from '../jobs/job';
import type { JobExecutor, JobWork } from '../jobs/runner';
import type { JobTerms } from '../jobs/terms';
import { BodyCodec } from './codec';
import { answerFrom, replyOf } from './infer';
import type { InferOptions } from './infer-job';
import type { HttpReply } from './reply';

/** Runs the inferences that were made jobs. */
export class InferExecutor implements JobExecutor {
  readonly isResumable = false;
  /** Of its own: what waits in it keeps no caller waiting. */
  private readonly codec = new BodyCodec();

  constructor(private readonly context: Pick<ServerContext, 'gate' | 'pipeline' | 'observer'>) {}

  async run({ job, input, terms }: JobWork): Promise<StoredReply> {
    const { gate, observer } = this.context;
    const { model, options } = job.request;
    const { jsonLength } = options as InferOptions;
    const call = observer.begin('job', terms);
    call.model = model;
    try {
      const target = await this.targetOf(job, terms);
      // The rules may have changed since the job was accepted, and the version that answers.
      gate.permit(terms, 'infer', target.version);
      const parts = { context: this.context, codec: this.codec };
      const body = alignedCopy(input, jsonLength);
      return stored(replyOf(await answerFrom(target, parts, { call, terms }, body, jsonLength)));
    } catch (thrown) {
      throw call.failed(thrown);
    }
  }

  /** A variant whose version is gone is passed over, as it would be for a request that came now. */
  private async targetOf({ request }: Job, terms: JobTerms): Promise<Target> {
    const { pipeline } = this.context;
    const { model, version, options } = request;
    const { assignment } = options as InferOptions;
    if (assignment === undefined) return pipeline.choose(model, version, terms);
    try {
      return { version: pipeline.find(model, String(assignment.version)), assignment };
    } catch {
      return pipeline.choose(model, undefined, terms);
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
