import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** What of an answer callers go by. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** All that came back over one connection. */
export interface RawExchange {
  /** Final answers, in their order. */
  readonly answers: readonly RawAnswer[];
  /** What came after them and is no whole answer. */
  readonly rest: string;
}

/** Turns of the event loop that a server in this process is given to take in a piece. */
const turns = 4;

/**
 * Sends bytes over a connection of their own, a piece at a time, then ends this side of it and reads
 * until the server has ended its own. What a server that closes does not wait for is not sent.
 */
export async function rawExchange(
  url: string,
  pieces: readonly Uint8Array[],
): Promise<RawExchange> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.setNoDelay(true);
  const received: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', () => undefined);
    socket.once('end', resolve);
    socket.once('close', () => {
      resolve();
    });
  });
  for (const piece of pieces) {
    if (socket.readableEnded || socket.destroyed) break;
    socket.write(piece);
    if (pieces.length > 1) for (let i = 0; i < turns; i++) await setImmediate();
  }
  socket.end();
  await ended;
  socket.destroy();
  return parseAnswers(Buffer.concat(received).toString('latin1'));
}

/** Cuts bytes at places in ascending order. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const bounds = [0, ...places, bytes.length];
  return bounds
    .slice(1)
    .map((end, i) => bytes.subarray(bounds[i], end))
    .filter(({ length }) => length > 0);
}

function parseAnswers(text: string): RawExchange {
  const answers: RawAnswer[] = [];
  let at = 0;
  for (;;) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    if (headEnd < 0) break;
    const head = text.slice(at, headEnd);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    // Node.js' own refusals have no body, and say so in chunks.
    const none = /^transfer-encoding: chunked$/im.test(head) ? '0\r\n\r\n'.length : 0;
    const end = headEnd + 4 + length + none;
    if (Number.isNaN(status) || end > text.length) break;
    if (status >= 200) {
      const contentType = /^content-type: (.*)$/im.exec(head)?.[1];
      answers.push({ status, contentType, body: text.slice(headEnd + 4, end - none) });
    }
    at = end;
  }
  return { answers, rest: text.slice(at) };
}
