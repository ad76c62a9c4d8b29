import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { chosenVersion } from '../explain/chosen-version';
import type { ParameterValues } from '../explain/parameters';
import { readExplainRequest } from '../explain/request';
import type { AnswerHeaders } from '../infer';
import { ExplanationCall } from '../telemetry/explanation-call';
import { readInferRequest, writeInferResponse } from './infer-messages';
import type { ModelInferRequest, ModelInferResponse, Parameters } from './messages';

/**
 * Answers one explanation.
 *
 * @param read - decodes the request.
 * @param say - told what is to be said beside the answer.
 * @throws ServingError
 */
export async function explainMessage(
  context: ServerContext,
  read: () => ModelInferRequest,
  terms: CallTerms,
  say: (headers: AnswerHeaders) => void,
): Promise<ModelInferResponse> {
  const call = new ExplanationCall(context.observer, 'grpc', terms.header(headers.traceparent));
  try {
    const message = read();
    call.model = message.model_name;
    const { inputs, outputs } = readInferRequest(message);
    const { model_name: model, model_version: version } = message;
    const chosen = await chosenVersion(context, model, version, terms);
    call.version = chosen.version;
    const parameters = plainParameters(message.parameters);
    const request = readExplainRequest(call.version.signature, { inputs, outputs, parameters });
    const answer = await context.explainer.explain(call.version, request, terms);
    const reply = writeInferResponse(answer.response, message);
    call.succeeded(answer);
    say(chosen.headers);
    return reply;
  } catch (thrown) {
    throw call.failed(thrown);
  }
}

/** Parameters as REST has them: texts, numbers and booleans. */
function plainParameters(parameters: Parameters): ParameterValues {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const { bool_param: bool, double_param: double, string_param: string } = value;
      const { int64_param: signed, uint64_param: unsigned } = value;
      const written = signed ?? unsigned;
      if (written === undefined) return [name, string ?? double ?? bool];
      // Past 2^53 a number would be another one.
      if (Number.isSafeInteger(Number(written))) return [name, Number(written)];
      throw errors.fieldInvalid(`parameters.${name}`, written, 'a number between -2^53 and 2^53');
    }),
  );
}
