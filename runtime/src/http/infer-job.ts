import type { ServerContext } from '../context';
import type { BodyCodec } from './codec';
import { acceptJob } from './job-routes';
import type { Exchange } from './router';

export interface InferOptions {
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
  body: Buffer<ArrayBuffer>,
  jsonLength: number,
): Promise<void> {
  const { model = '', version } = exchange.parameters;
  const { signature } = context.pipeline.find(model, version);
  // What is read may move to another thread, and what is kept must be whole.
  const input = Buffer.from(body);
  await codec.read(signature, body, jsonLength, exchange.terms.left);
  const options: InferOptions = { jsonLength };
  await acceptJob(context, exchange, { kind: 'infer', model, version, options }, input);
}
