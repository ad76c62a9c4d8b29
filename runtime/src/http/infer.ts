import type { IncomingMessage } from 'node:http';
import { headers } from '@manara/contract';
import type { CallTerms } from '../call';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { type BodyLimit, readBody } from './body';
import type { BodyCodec } from './codec';
import { send, sendError } from './reply';
import type { Exchange } from './router';

const jsonLengthHeader = headers.inferenceHeaderContentLength;

/** Greatest JSON part of a body. A tensor takes two to five times as much as in binary form. */
const maxJsonBytes = 16 * 1024 * 1024;

const jsonLimit = `the limit of JSON; send large tensors as binary data, with the header ${jsonLengthHeader}`;

interface InferRouteParts {
  readonly context: ServerContext;
  readonly codec: BodyCodec;
}

/** `POST …/infer`. */
export async function inferRoute(
  { context, codec }: InferRouteParts,
  { request, response, parameters: { model = '', version }, terms }: Exchange,
): Promise<void> {
  const call = context.observer.begin('http', terms);
  call.model = model;
  try {
    const asked = jsonLengthOf(terms);
    checkContentType(request, asked);
    const body = await readBody(request, limitOf(context.maxRequestBytes, asked), asked);
    const jsonLength = asked ?? body.byteLength;
    if (jsonLength > body.byteLength) {
      const expected = `at most the body's ${body.byteLength} bytes`;
      throw errors.headerInvalid(jsonLengthHeader, String(jsonLength), expected);
    }
    if (jsonLength > maxJsonBytes) throw errors.bodyTooLarge(maxJsonBytes, jsonLimit);
    call.version = context.pipeline.find(model, version);
    const answer = await context.pipeline.run(
      call.version,
      (signature) => codec.read(signature, body, jsonLength, terms.left),
      terms,
      call.span,
    );
    const reply = await codec.write(answer.response, answer.request, terms.left);
    call.succeeded(answer);
    for (const [name, value] of Object.entries(answer.headers ?? {}))
      response.setHeader(name, value);
    if (reply.jsonLength === undefined) {
      send(response, 200, 'application/json', reply.parts);
    } else {
      response.setHeader(jsonLengthHeader, reply.jsonLength);
      send(response, 200, 'application/octet-stream', reply.parts);
    }
  } catch (thrown) {
    sendError(request, response, call.failed(thrown));
  }
}

function limitOf(maxRequestBytes: number, jsonLength: number | undefined): BodyLimit {
  if (jsonLength === undefined && maxJsonBytes < maxRequestBytes) {
    return { bytes: maxJsonBytes, whose: jsonLimit };
  }
  return { bytes: maxRequestBytes, whose: 'the server\'s "maxRequestBytes"' };
}

function jsonLengthOf(terms: CallTerms): number | undefined {
  const text = terms.header(jsonLengthHeader);
  if (text === undefined) return undefined;
  const length = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(length)) return length;
  throw errors.headerInvalid(jsonLengthHeader, JSON.stringify(text), 'a number of bytes');
}

/**
 * JSON goes under its own name, under the form's that `curl -d` sends unless told otherwise, and
 * under none, as clients of the binary extension often send none. Triton looks at none of them.
 */
const jsonTypes: readonly string[] = ['application/json', 'application/x-www-form-urlencoded'];

function checkContentType(request: IncomingMessage, jsonLength: number | undefined): void {
  const received = request.headers['content-type'];
  if (received === undefined) return;
  const [type = '', ...parameters] = received
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const isKnown =
    jsonTypes.includes(type) || (type === 'application/octet-stream' && jsonLength !== undefined);
  if (!isKnown || !isUtf8) throw errors.contentTypeUnsupported(received);
}
