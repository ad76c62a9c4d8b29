import type { ServerContext } from '../context';
import type { Assignment } from '../variants/assignment';
import type { BodyCodec } from './codec';
import { acceptJob } from './job-routes';
import type { Exchange } from './router';

export interface InferOptions {
  readonly jsonLength: number;
  /**
   * Of the model's variants, the one that answers: decided as the job is accepted, by headers that are
   * not kept. @default - the version that the path names, or that answers by default when the job runs
   */
  readonly assignment?: Assignment | undefined;
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
  body: Buffer<ArrayBuffer>,
  jsonLength: number,
): Promise<void> {
  const { model = '', version } = exchange.parameters;
  const { terms } = exchange;
  const target = await context.pipeline.choose(model, version, terms);
  context.gate.permit(terms, 'infer', target.version);
  // What is read may move to another thread, and what is kept must be whole.
  const input = Buffer.from(body);
  await codec.read(target.version.signature, body, jsonLength, terms.left);
  const asked = { kind: 'infer', model, version, options: { jsonLength } } as const;
  // A caller who tries again sends another traceparent, and may be given another variant.
  const sameness = JSON.stringify({ ...asked, headers: {} });
  const options: InferOptions = { jsonLength, assignment: target.assignment };
  await acceptJob(context, exchange, { ...asked, options }, input, { sameness });
}
