import { headers } from '@manara/contract';
import type { Metadata } from '@grpc/grpc-js';
import type { ServerContext } from '../context';
import { checkRequest } from '../protocol/validate';
import { readInferRequest, writeInferResponse } from './infer-messages';
import type { ModelInferRequest, ModelInferResponse } from './messages';

/**
 * Answers one inference, of a unary call or of a stream.
 *
 * @param read - decodes the request.
 * @param callerLeft - aborted once nobody waits for the answer.
 * @throws ServingError
 */
export async function inferMessage(
  context: ServerContext,
  read: () => ModelInferRequest,
  metadata: Metadata,
  callerLeft: AbortSignal,
): Promise<ModelInferResponse> {
  const [traceparent] = metadata.get(headers.traceparent);
  const call = context.observer.begin('grpc', traceparent?.toString());
  try {
    const message = read();
    call.model = message.model_name;
    const request = readInferRequest(message);
    call.version = context.pipeline.find(message.model_name, message.model_version);
    const answer = await context.pipeline.run(
      call.version,
      (signature) => checkRequest(signature, request),
      callerLeft,
    );
    const reply = writeInferResponse(answer.response, message);
    call.succeeded(answer);
    return reply;
  } catch (thrown) {
    throw call.failed(thrown);
  }
}
