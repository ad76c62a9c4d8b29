import { headers } from '@manara/contract';
import type { Metadata } from '@grpc/grpc-js';
import type { ServerContext } from '../context';
import { readInferRequest, writeInferResponse } from './infer-messages';
import type { ModelInferRequest, ModelInferResponse } from './messages';

/**
 * Answers one inference, of a unary call or of a stream.
 *
 * @throws ServingError
 */
export async function inferMessage(
  context: ServerContext,
  message: ModelInferRequest,
  metadata: Metadata,
): Promise<ModelInferResponse> {
  const [traceparent] = metadata.get(headers.traceparent);
  const call = context.observer.begin('grpc', message.model_name, traceparent?.toString());
  try {
    const request = readInferRequest(message);
    call.version = context.pipeline.find(request);
    const answer = await context.pipeline.run(call.version, request);
    const reply = writeInferResponse(answer.response, message);
    call.succeeded(answer);
    return reply;
  } catch (thrown) {
    throw call.failed(thrown);
  }
}
