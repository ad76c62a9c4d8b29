/** Where one HTTP/1.1 answer ends, and what it said. */
export interface HttpAnswer {
  readonly status: number;
  /** Offset of the body. */
  readonly bodyStart: number;
  /** Offset of the byte after the answer. */
  readonly end: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const contentLength = /\r\ncontent-length: *(\d+) *\r\n/i;
const statusLine = /^HTTP\/1\.[01] (\d{3}) /;

/**
 * Reads the answer that begins a buffer; `undefined` while its end has not arrived. Knows what the
 * benchmark's peers send and no more: the length must be stated.
 *
 * @throws Error for what is not such an answer, with its first bytes
 */
export function readHttpAnswer(buffer: Buffer): HttpAnswer | undefined {
  const bodyAt = buffer.indexOf(headEnd);
  if (bodyAt < 0) return undefined;
  // The last header's line end is kept, so that every header ends with one.
  const head = buffer.toString('latin1', 0, bodyAt + 2);
  const status = statusLine.exec(head)?.[1];
  const length = contentLength.exec(head)?.[1];
  if (status === undefined || length === undefined) {
    throw new Error(`not an HTTP answer with a content-length: ${JSON.stringify(head)}`);
  }
  const bodyStart = bodyAt + headEnd.length;
  const end = bodyStart + Number(length);
  return end > buffer.length ? undefined : { status: Number(status), bodyStart, end };
}
