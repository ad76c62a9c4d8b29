import type { IncomingMessage, ServerResponse } from 'node:http';
import { headers } from '@manara/contract';
import type { ServerContext } from '../context';
import { errors } from '../errors';
import { readBody } from './body';
import { encodeReply } from './infer-reply';
import { parseInferRequest } from './infer-request';
import { send, sendError } from './reply';
import type { RouteParameters } from './router';

const jsonLengthHeader = headers.inferenceHeaderContentLength;

/** `POST …/infer`. */
export async function inferRoute(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
  { model = '', version }: RouteParameters,
): Promise<void> {
  const call = context.observer.begin('http', model, headerOf(request, headers.traceparent));
  try {
    const jsonLength = jsonLengthOf(request);
    checkContentType(request, jsonLength);
    const body = await readBody(request, context.maxRequestBytes, jsonLength);
    if (jsonLength !== undefined && jsonLength > body.byteLength) {
      const expected = `at most the body's ${body.byteLength} bytes`;
      throw errors.headerInvalid(jsonLengthHeader, String(jsonLength), expected);
    }
    const asked = parseInferRequest(model, version, body, jsonLength);
    call.version = context.pipeline.find(asked.request);
    const answer = await context.pipeline.run(call.version, asked.request);
    const reply = encodeReply(answer.response, asked);
    call.succeeded(answer);
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

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function jsonLengthOf(request: IncomingMessage): number | undefined {
  const text = headerOf(request, jsonLengthHeader);
  if (text === undefined) return undefined;
  const length = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(length)) return length;
  throw errors.headerInvalid(jsonLengthHeader, JSON.stringify(text), 'a number of bytes');
}

/** No content type is taken for JSON, as clients of the binary extension often send none. */
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
    type === 'application/json' ||
    (type === 'application/octet-stream' && jsonLength !== undefined);
  if (!isKnown || !isUtf8) throw errors.contentTypeUnsupported(received);
}
