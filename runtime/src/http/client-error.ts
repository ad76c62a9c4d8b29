import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errors, type ServingError } from '../errors';

/** What a connection is answered whose bytes are no request, by the code that Node.js gives it. */
function refusalOf(code: string | undefined): ServingError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return errors.headersTooLarge();
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return errors.requestTimeout();
    default:
      return errors.requestMalformed(code ?? 'it cannot be read');
  }
}

/**
 * Answers a connection whose bytes are no request, then closes it.
 *
 * @param answerBegun - whether an earlier request's answer is half on its way: nothing may follow.
 */
export function answerClientError(
  code: string | undefined,
  socket: Socket,
  answerBegun: boolean,
): void {
  if (socket.writable && !answerBegun) {
    const { httpStatus, message, code: ours } = refusalOf(code);
    const body = JSON.stringify({ error: message, code: ours });
    socket.write(
      [
        `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`,
        'connection: close',
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroySoon();
}
