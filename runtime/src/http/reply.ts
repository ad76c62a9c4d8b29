import type { IncomingMessage, ServerResponse } from 'node:http';
import { asServingError } from '../errors';

export const jsonType = 'application/json';

/** Milliseconds for which the rest of a refused body is read away, so that the caller sees the answer. */
const lingerMillis = 1000;

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
  let length = 0;
  for (const part of parts) length += Buffer.byteLength(part);
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', length);
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
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
  const text = JSON.stringify({ error: error.message, code: error.code });
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
