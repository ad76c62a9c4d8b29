import { headers } from '@manara/contract';
import { errors } from '../errors';
import { chosenVersion } from '../explain/chosen-version';
import { readExplainRequest } from '../explain/request';
import { ExplanationCall } from '../telemetry/explanation-call';
import { type InferRouteParts, readInferBody, replyOf } from './infer';
import { binaryOutputs, parseRequest } from './infer-request';
import { lengthOf, sendError, sendReply } from './reply';
import type { Exchange } from './router';

/** Greatest JSON part of a body, and greatest body with strings: they are read on the I/O thread. */
const json = {
  bytes: 256 * 1024,
  whose: `the limit of an explanation's JSON; send large tensors as binary data, with the header ${headers.inferenceHeaderContentLength}`,
} as const;

/** `POST …/explain`. */
export async function explainRoute(
  { context, codec }: InferRouteParts,
  exchange: Exchange,
): Promise<void> {
  const { request, response, parameters, terms, held } = exchange;
  const { model = '', version } = parameters;
  const call = new ExplanationCall(context.observer, 'http', terms.header(headers.traceparent));
  call.model = model;
  try {
    const { body, jsonLength } = await readInferBody(exchange, context.maxRequestBytes, json);
    const chosen = await chosenVersion(context.pipeline, model, version, terms);
    call.version = chosen.version;
    const { signature } = call.version;
    const hasStrings = signature.inputs.some(({ datatype }) => datatype === 'BYTES');
    if (hasStrings && body.byteLength > json.bytes) {
      throw errors.bodyTooLarge(json.bytes, 'the limit of explanations of models that take BYTES');
    }
    const parsed = parseRequest(body, jsonLength);

    const asked = readExplainRequest(signature, parsed);
    const answer = await context.explainer.explain(call.version, asked, terms);
    const [output = ''] = parsed.outputs;
    // All of the answer goes the way that the explained output was asked for.
    const isBinary = binaryOutputs([output], parsed).size > 0;
    const names = isBinary ? answer.response.outputs.map(({ name }) => name) : [];
    const form = { id: parsed.id, binary: new Set(names) };
    const reply = await codec.write(answer.response, form, terms.left);
    call.succeeded(answer);
    held.take(lengthOf(reply.parts));
    sendReply(response, replyOf({ ...reply, headers: chosen.headers }));
  } catch (thrown) {
    sendError(request, response, call.failed(thrown));
  }
}
