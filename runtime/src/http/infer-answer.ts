import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { InferencePipeline } from '../infer';
import type { InferenceCall } from '../telemetry/observer';
import type { BodyCodec } from './codec';
import type { HttpReply } from './reply';

/** An inference as it was sent. */
export interface SentInference {
  readonly model: string;
  /** @default - the model's default version */
  readonly version: string | undefined;
  /** Memory of its own: it may move to another thread. */
  readonly bytes: Buffer<ArrayBuffer>;
  /** Bytes of JSON, at its beginning. */
  readonly jsonLength: number;
}

interface InferAnswerParts {
  readonly pipeline: InferencePipeline;
  readonly codec: BodyCodec;
}

/**
 * What an inference is answered, be it at once or as a job.
 *
 * @throws ServingError
 */
export async function answerInference(
  { pipeline, codec }: InferAnswerParts,
  call: InferenceCall,
  { model, version: asked, bytes, jsonLength }: SentInference,
  terms: CallTerms,
): Promise<HttpReply> {
  const version = pipeline.find(model, asked);
  call.version = version;
  const answer = await pipeline.run(
    version,
    (signature) => codec.read(signature, bytes, jsonLength, terms.left),
    terms,
  );
  const reply = await codec.write(answer.response, answer.request, terms.left);
  call.succeeded(answer);
  if (reply.jsonLength === undefined) {
    const type = { 'content-type': 'application/json' };
    return { status: 200, headers: { ...answer.headers, ...type }, parts: reply.parts };
  }
  const form = {
    'content-type': 'application/octet-stream',
    [headers.inferenceHeaderContentLength]: String(reply.jsonLength),
  };
  return { status: 200, headers: { ...answer.headers, ...form }, parts: reply.parts };
}
