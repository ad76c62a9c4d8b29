import type { Target } from '../access/gate';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import type { AnswerHeaders } from '../infer';
import { checkRequest } from '../protocol/validate';
import { readInferRequest, writeInferResponse } from './infer-messages';
import type { ModelInferRequest, ModelInferResponse } from './messages';

/** What an inference is about. */
export function inferTarget({ model_name, model_version }: ModelInferRequest): Target {
  return { model: model_name, version: model_version };
}

/**
 * Answers one inference, of a unary call or of a stream.
 *
 * @param read - decodes the request.
 * @param say - told what is to be said beside the answer.
 * @throws ServingError
 */
export async function inferMessage(
  context: ServerContext,
  read: () => ModelInferRequest,
  terms: CallTerms,
  say: (headers: AnswerHeaders) => void,
): Promise<ModelInferResponse> {
  const call = context.observer.begin('grpc', terms);
  try {
    const message = read();
    call.model = message.model_name;
    const request = readInferRequest(message);
    const { model_name: model, model_version: version } = message;
    const target = await context.pipeline.chooseOrStandIn(model, version, terms);
    call.version = target.version;
    const id = message.id === '' ? undefined : message.id;
    const answer = await context.pipeline.run(
      target,
      (signature) => checkRequest(signature, request, id),
      terms,
      call.span,
    );
    const reply = writeInferResponse(answer.response, message);
    call.succeeded(answer);
    if (answer.headers !== undefined) say(answer.headers);
    return reply;
  } catch (thrown) {
    throw call.failed(thrown);
  }
}
