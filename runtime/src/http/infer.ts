import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { idempotencyKeyOf } from '../idempotency/guard';
import type { AnswerHeaders, Target } from '../infer';
import type { InferenceCall } from '../telemetry/observer';
import { type BodyLimit, readBody } from './body';
import type { BodyCodec } from './codec';
import { isReadableType } from './content-type';
import type { InferReply } from './infer-reply';
import { acceptInference } from './infer-job';
import { conditional, isNotModified, unconditional } from './not-modified';
import { prefersAsync } from './prefer';
import { repeatable } from './repeatable';
import { type HttpReply, lengthOf, sendError, sendReply } from './reply';
import type { Exchange, RouteParameters } from './router';
import type { Sender } from './terms';

const jsonLengthHeader = headers.inferenceHeaderContentLength;

/** Greatest JSON part of a body. A tensor takes two to five times as much as in binary form. */
const inferJson: BodyLimit = {
  bytes: 16 * 1024 * 1024,
  whose: `the limit of JSON; send large tensors as binary data, with the header ${jsonLengthHeader}`,
};

export interface InferRouteParts {
  readonly context: ServerContext;
  readonly codec: BodyCodec;
}

/** An inference on its way, whichever parser read it. */
export interface AskedInference {
  readonly call: InferenceCall;
  readonly parameters: RouteParameters;
  readonly terms: CallTerms;
}

/** What answering takes, once the body has come. */
export interface AnswerParts {
  readonly context: Pick<ServerContext, 'pipeline'>;
  readonly codec: BodyCodec;
}

/** What an inference is answered with, under status 200. */
export interface InferAnswer extends InferReply {
  /** What is said of the answer beside it. */
  readonly headers: AnswerHeaders | undefined;
  /** Whether the caller has it already, so that nothing of it is sent. @default false */
  readonly isNotModified?: boolean;
}

/** `POST …/infer`, as node:http read it. */
export async function inferRoute(parts: InferRouteParts, exchange: Exchange): Promise<void> {
  const { request, response, parameters, terms, held } = exchange;
  const call = beginInference(parts, parameters, terms);
  try {
    const { body, jsonLength } = await readInferBody(exchange, parts.context.maxRequestBytes);
    if (prefersAsync(terms)) {
      await acceptInference(parts, exchange, body, jsonLength);
      return;
    }
    const isKept = idempotencyKeyOf(terms) !== undefined;
    const asked = { call, parameters, terms: isKept ? unconditional(terms) : terms };
    const whole = await repeatable(parts.context, exchange, body, async () =>
      replyOf(await answerInference(parts, asked, body, jsonLength)),
    );
    const reply = conditional(terms, whole);
    held.take(lengthOf(reply.parts));
    sendReply(response, reply);
  } catch (thrown) {
    sendError(request, response, call.failed(thrown));
  }
}

/** To be called as a request arrives. */
export function beginInference(
  { context }: InferRouteParts,
  { model = '' }: RouteParameters,
  sender: Pick<Sender, 'header'>,
): InferenceCall {
  const call = context.observer.begin('http', sender);
  call.model = model;
  return call;
}

/**
 * Runs an inference whose body has come.
 *
 * @param asked - bytes of JSON that the body begins with. @default - all of it
 * @throws ServingError, or whatever is a fault of the server.
 */
export async function answerInference(
  { context, codec }: AnswerParts,
  { call, parameters: { model = '', version }, terms }: AskedInference,
  body: Buffer<ArrayBuffer>,
  asked: number | undefined,
): Promise<InferAnswer> {
  const jsonLength = jsonLengthIn(body, asked, inferJson);
  const target = await context.pipeline.chooseOrStandIn(model, version, terms);
  return answerFrom(target, { context, codec }, { call, terms }, body, jsonLength);
}

/**
 * Runs an inference on what was chosen to answer it.
 *
 * @throws ServingError, or whatever is a fault of the server.
 */
export async function answerFrom(
  target: Target,
  { context, codec }: AnswerParts,
  { call, terms }: Omit<AskedInference, 'parameters'>,
  body: Buffer<ArrayBuffer>,
  jsonLength: number,
): Promise<InferAnswer> {
  call.version = target.version;
  const answer = await context.pipeline.run(
    target,
    (signature) => codec.read(signature, body, jsonLength, terms.left),
    terms,
    call.span,
  );
  if (isNotModified(terms.header('if-none-match'), answer.headers)) {
    call.succeeded(answer);
    return { parts: [], jsonLength: undefined, headers: answer.headers, isNotModified: true };
  }
  const reply = await codec.write(answer.response, answer.request, terms.left);
  call.succeeded(answer);
  return { parts: reply.parts, jsonLength: reply.jsonLength, headers: answer.headers };
}

/** An inference's answer as it goes out, be it now or later. */
export function replyOf(answer: InferReply & Partial<InferAnswer>): HttpReply {
  const { parts, jsonLength } = answer;
  if (answer.isNotModified === true) return { status: 304, headers: answer.headers ?? {}, parts };
  const length: AnswerHeaders =
    jsonLength === undefined ? {} : { [jsonLengthHeader]: String(jsonLength) };
  const type = { 'content-type': contentTypeOf(answer) };
  return { status: 200, headers: { ...answer.headers, ...length, ...type }, parts };
}

export function contentTypeOf({ jsonLength }: InferReply): string {
  return jsonLength === undefined ? 'application/json' : 'application/octet-stream';
}

/** A body in memory of its own, and how much of its beginning is JSON. */
export interface InferBody {
  readonly body: Buffer<ArrayBuffer>;
  readonly jsonLength: number;
}

/**
 * Reads a body of JSON with binary tensors behind it, or of JSON alone.
 *
 * @throws ServingError
 */
export async function readInferBody(
  { request, terms, held }: Pick<Exchange, 'request' | 'terms' | 'held'>,
  maxRequestBytes: number,
  json = inferJson,
): Promise<InferBody> {
  const asked = jsonLengthOf(terms);
  const type = terms.header('content-type');
  if (type !== undefined && !isReadableType(type, asked !== undefined)) {
    throw errors.contentTypeUnsupported(type);
  }
  const body = await readBody(request, {
    limit: limitOf(maxRequestBytes, asked, json),
    held,
    alignAt: asked,
  });
  return { body, jsonLength: jsonLengthIn(body, asked, json) };
}

/** @throws ServingError HEADER_INVALID or BODY_TOO_LARGE */
function jsonLengthIn(body: Uint8Array, asked: number | undefined, json: BodyLimit): number {
  const jsonLength = asked ?? body.byteLength;
  if (jsonLength > body.byteLength) {
    const expected = `at most the body's ${body.byteLength} bytes`;
    throw errors.headerInvalid(jsonLengthHeader, String(jsonLength), expected);
  }
  if (jsonLength > json.bytes) throw errors.bodyTooLarge(json.bytes, json.whose);
  return jsonLength;
}

function limitOf(
  maxRequestBytes: number,
  jsonLength: number | undefined,
  json: BodyLimit,
): BodyLimit {
  if (jsonLength === undefined && json.bytes < maxRequestBytes) return json;
  return { bytes: maxRequestBytes, whose: 'the server\'s "maxRequestBytes"' };
}

function jsonLengthOf(terms: CallTerms): number | undefined {
  const text = terms.header(jsonLengthHeader);
  if (text === undefined) return undefined;
  const length = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(length)) return length;
  throw errors.headerInvalid(jsonLengthHeader, JSON.stringify(text), 'a number of bytes');
}
