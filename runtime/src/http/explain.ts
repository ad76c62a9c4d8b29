import { headers } from '@manara/contract';
import { errors } from '../errors';
import { chosenVersion } from '../explain/chosen-version';
import { readExplainRequest } from '../explain/request';
import { ExplanationCall } from '../telemetry/explanation-call';
import { type InferBody, type InferRouteParts, readInferBody, replyOf } from './infer';
import { binaryOutputs, parseRequest } from './infer-request';
import { repeatable } from './repeatable';
import { type HttpReply, lengthOf, sendError, sendReply } from './reply';
import type { Exchange } from './router';

/** Greatest JSON part of a body, and greatest body with strings: they are read on the I/O thread. */
const json = {
  bytes: 256 * 1024,
  whose: `the limit of an explanation's JSON; send large tensors as binary data, with the header ${headers.inferenceHeaderContentLength}`,
} as const;

/** `POST …/explain`. */
export async function explainRoute(parts: InferRouteParts, exchange: Exchange): Promise<void> {
  const { request, response, terms, held } = exchange;
  const { context } = parts;
  const call = new ExplanationCall(context.observer, 'http', terms.header(headers.traceparent));
  call.model = exchange.parameters.model ?? '';
  try {
    const read = await readInferBody(exchange, context.maxRequestBytes, json);
    const reply = await repeatable(context, exchange, read.body, () =>
      explained(parts, exchange, call, read),
    );
    held.take(lengthOf(reply.parts));
    sendReply(response, reply);
  } catch (thrown) {
    sendError(request, response, call.failed(thrown));
  }
}

async function explained(
  { context, codec }: InferRouteParts,
  { parameters, terms }: Exchange,
  call: ExplanationCall,
  { body, jsonLength }: InferBody,
): Promise<HttpReply> {
  const chosen = await chosenVersion(context, call.model, parameters.version, terms);
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
  return replyOf({ ...reply, headers: chosen.headers });
}
