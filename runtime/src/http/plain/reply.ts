import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Socket } from 'node:net';
import { headers } from '@manara/contract';
import type { ServingError } from '../../errors';
import type { AnswerHeaders } from '../../infer';
import { contentTypeOf, type InferAnswer } from '../infer';
import { lengthOf, refusalOf } from '../reply';
import { timeouts } from '../timeouts';
import { httpDate } from './http-date';

/** What a plain request is answered. */
export interface PlainReply {
  readonly status: number;
  readonly contentType: string;
  readonly headers: AnswerHeaders | undefined;
  readonly jsonLength: number | undefined;
  readonly parts: readonly (string | Uint8Array)[];
}

export function answered(answer: InferAnswer): PlainReply {
  return { status: 200, contentType: contentTypeOf(answer), ...answer };
}

export function refused(error: ServingError): PlainReply {
  const { headers: said, text } = refusalOf(error);
  const form = { status: error.httpStatus, contentType: 'application/json', parts: [text] };
  return { ...form, headers: said, jsonLength: undefined };
}

/** Answers up to this size go out as one piece of memory. */
const maxJoined = 64 * 1024;

const keptAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${timeouts.keepAliveTimeout / 1000}\r\n\r\n`;
const closed = 'Connection: close\r\n\r\n';

/**
 * Writes an answer.
 *
 * @param isLast - whether the connection closes after it.
 * @param done - called once the system has all of it.
 */
export function writeReply(
  socket: Socket,
  reply: PlainReply,
  isLast: boolean,
  done: (error?: Error | null) => void,
): void {
  const { parts } = reply;
  const [first = ''] = parts;
  const length = lengthOf(parts);
  const head = headOf(reply, length) + (isLast ? closed : keptAlive);
  if (parts.length === 1 && typeof first === 'string') {
    // Where each character is a byte, Node.js copies the text once, and none of it is looked at.
    socket.write(head + first, length === first.length ? 'latin1' : 'utf8', done);
    return;
  }
  if (length <= maxJoined) {
    socket.write(joined([head, ...parts], head.length + length), done);
    return;
  }
  socket.cork();
  socket.write(head, 'latin1');
  for (const part of parts.slice(0, -1)) socket.write(part);
  socket.write(parts.at(-1) ?? '', done);
  socket.uncork();
}

function headOf(
  { status, contentType, headers: said, jsonLength }: PlainReply,
  length: number,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: ${contentType}\r\ncontent-length: ${length}\r\nDate: ${httpDate()}\r\n`;
  if (jsonLength !== undefined)
    head += `${headers.inferenceHeaderContentLength}: ${jsonLength}\r\n`;
  for (const [name, value] of Object.entries(said ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    head += `${name}: ${value}\r\n`;
  }
  return head;
}

function joined(parts: readonly (string | Uint8Array)[], length: number): Buffer {
  const all = Buffer.allocUnsafe(length);
  let end = 0;
  for (const part of parts) {
    if (typeof part === 'string') {
      end += all.write(part, end);
    } else {
      all.set(part, end);
      end += part.byteLength;
    }
  }
  return all;
}
