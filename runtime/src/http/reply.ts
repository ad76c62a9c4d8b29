import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { asServingError, type ServingError } from '../errors';
import type { AnswerHeaders } from '../infer';

export const jsonType = 'application/json';

/** Milliseconds for which the rest of a refused body is read away, so that the caller sees the answer. */
export const lingerMillis = 1000;

/** An answer before it is sent, or kept to be sent later. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  readonly parts: readonly (string | Uint8Array)[];
}

export function sendReply(response: ServerResponse, { status, headers, parts }: HttpReply): void {
  if (status === 304) {
    response.writeHead(status, { ...headers });
    response.end();
    return;
  }
  const { 'content-type': contentType = jsonType, ...others } = headers;
  for (const [name, value] of Object.entries(others)) response.setHeader(name, value);
  send(response, status, contentType, parts);
}

/** Answers with a file's content. */
export async function sendFile(
  response: ServerResponse,
  { status, headers }: Omit<HttpReply, 'parts'>,
  path: string,
): Promise<void> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  response.writeHead(status, { ...headers, 'content-length': size });
  await pipeline(file.createReadStream(), response);
}

/** Bytes of an answer. */
export function lengthOf(parts: readonly (string | Uint8Array)[]): number {
  let length = 0;
  for (const part of parts) length += Buffer.byteLength(part);
  return length;
}

/** Answers with a JSON value. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, jsonType, [JSON.stringify(value)]);
}

/** Answers with a body in parts. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  parts: readonly (string | Uint8Array)[],
): void {
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', lengthOf(parts));
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
}

/** What a request is refused with, whichever parser read it: JSON, and headers beside it. */
export interface Refusal {
  readonly headers: AnswerHeaders;
  readonly text: string;
}

export function refusalOf({ message, code, headers, retryAfterSeconds }: ServingError): Refusal {
  const text = JSON.stringify({ error: message, code });
  if (retryAfterSeconds === undefined) return { headers, text };
  return { headers: { ...headers, 'retry-after': String(retryAfterSeconds) }, text };
}

/** Answers with what went wrong, in the protocol's form with the error's code beside it. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
): void {
  const error = asServingError(thrown);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { headers, text } = refusalOf(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.complete || expectsNoBody(request)) {
    send(response, error.httpStatus, jsonType, [text]);
    return;
  }
  // The body is not read to its end, so the connection cannot be used again. It is closed only
  // after a while: a reset would take the answer away from a caller that is still sending.
  response.writeHead(error.httpStatus, {
    'content-type': jsonType,
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.write(text);
  request.resume();
  const finish = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(finish, lingerMillis);
  request.once('end', finish);
  request.once('close', finish);
}

function expectsNoBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? '0') === 0
  );
}
