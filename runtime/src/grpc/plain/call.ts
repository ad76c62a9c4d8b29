import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { PeerCertificate } from 'node:tls';
import { Metadata, status } from '@grpc/grpc-js';
import { peerCertificateOf } from '../../access/peer-certificate';
import { CallerLeft } from '../../call';
import { asServingError } from '../../errors';
import type { AnswerHeaders } from '../../infer';
import type { ByteBudget, Hold } from '../../limits/byte-budget';
import { endIfStalled } from '../../limits/stalled-reader';
import { type Ending, refusedCall } from '../status';
import type { UnaryCall } from '../unary';
import type { PlainHead } from './head';

/** What precedes a message: whether it is packed, and its length. */
const prefixBytes = 5;

const answerHead: OutgoingHttpHeaders = {
  [constants.HTTP2_HEADER_STATUS]: 200,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
  // As grpc-js says it: from here on a client may pack what it sends.
  'grpc-accept-encoding': 'identity,deflate,gzip',
  'grpc-encoding': 'identity',
};
const allWentWell = { 'grpc-status': status.OK, 'grpc-message': 'OK' };

/** What becomes of a call. */
export interface PlainParts {
  /** @returns the answer, encoded. Rejects with what is to be said instead. */
  readonly answer: (message: Buffer, call: PlainCall) => Promise<Uint8Array>;
  /** How a call ends of which that was thrown. */
  readonly endingOf: (thrown: unknown) => Ending;
  /** Has grpc-js answer the call, of which nothing was taken. */
  readonly handOver: () => void;
  readonly bodies: ByteBudget;
  /** Greatest message that is taken here. */
  readonly maxMessageBytes: number;
  readonly path: string;
}

/**
 * A call whose message comes whole in one frame, which nearly every one is whose tensors are small. The
 * answer is written at once, as its head, its message and its status: a call of grpc-js, which can do
 * anything, takes four times as long.
 */
export class PlainCall implements UnaryCall {
  readonly left = new CallerLeft();
  readonly deadline: number | undefined;
  private readonly held: Hold;
  private readonly timer: NodeJS.Timeout | undefined;
  private message: Buffer | undefined;
  private said: AnswerHeaders | undefined;
  private isOver = false;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly head: PlainHead,
    private readonly parts: PlainParts,
  ) {
    this.held = parts.bodies.hold();
    const { timeoutMillis } = head;
    if (timeoutMillis !== undefined) {
      this.deadline = performance.now() + timeoutMillis;
      this.timer = setTimeout(this.onDeadline, Math.min(timeoutMillis, 2 ** 31 - 1));
    }
    stream.on('data', this.onData);
    stream.once('end', this.onEnd);
    stream.once('close', this.onClose);
    // What went wrong closes the stream, which is where it is seen to.
    stream.once('error', ignore);
  }

  get path(): string {
    return this.parts.path;
  }

  /** The first of its values, as grpc-js reads metadata. */
  header(name: string): string | undefined {
    const value = this.head.headers[name];
    return (Array.isArray(value) ? value[0] : value)?.split(',', 1)[0]?.trim();
  }

  peerCertificate(): PeerCertificate | undefined {
    const { session } = this.stream;
    return session === undefined ? undefined : peerCertificateOf(session.socket);
  }

  say(said: AnswerHeaders): void {
    this.said = said;
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.message !== undefined) {
      const details = `Received a second request message for server streaming method ${this.path}`;
      this.end({ code: status.UNIMPLEMENTED, details });
      return;
    }
    if (!isWholeMessage(chunk) || chunk.length - prefixBytes > this.parts.maxMessageBytes) {
      this.handOver(chunk);
      return;
    }
    try {
      this.held.take(chunk.length);
      this.message = chunk.subarray(prefixBytes);
    } catch (error) {
      this.end(refusedCall(asServingError(error)));
    }
  };

  private readonly onEnd = (): void => {
    if (this.isOver) return;
    if (this.message === undefined) {
      const details = `Received no request message for server streaming method ${this.path}`;
      this.end({ code: status.UNIMPLEMENTED, details });
      return;
    }
    this.parts.answer(this.message, this).then(this.reply, (thrown: unknown) => {
      this.end(this.parts.endingOf(thrown));
    });
  };

  private readonly reply = (answer: Uint8Array): void => {
    const { stream } = this;
    if (this.isOver || stream.closed) return;
    try {
      this.held.keep(answer.length);
    } catch (error) {
      this.end(refusedCall(asServingError(error)));
      return;
    }
    this.isOver = true;
    clearTimeout(this.timer);
    stream.respond(
      this.said === undefined
        ? answerHead
        : { ...answerHead, ...Metadata.fromHttp2Headers(this.said).toHttp2Headers() },
      { waitForTrailers: true },
    );
    stream.once('wantTrailers', () => {
      stream.sendTrailers(allWentWell);
    });
    stream.end(withPrefix(answer));
    endIfStalled(stream, () => {
      stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  };

  /** Ends without an answer. */
  private end({ code, details, metadata }: Ending): void {
    const { stream } = this;
    if (this.isOver || stream.closed) return;
    this.isOver = true;
    clearTimeout(this.timer);
    stream.respond(
      {
        'grpc-status': code,
        'grpc-message': encodeURI(details),
        ...answerHead,
        ...metadata?.toHttp2Headers(),
      },
      { endStream: true },
    );
    this.left.abort();
  }

  private readonly onDeadline = (): void => {
    this.end({ code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' });
  };

  private readonly onClose = (): void => {
    clearTimeout(this.timer);
    this.isOver = true;
    this.held.release();
    this.left.abort();
  };

  private handOver(unread: Buffer): void {
    const { stream } = this;
    this.isOver = true;
    clearTimeout(this.timer);
    stream.off('data', this.onData);
    stream.off('end', this.onEnd);
    stream.off('close', this.onClose);
    // Paused, so that what is put back waits for the listener that grpc-js adds.
    stream.pause();
    stream.unshift(unread);
    this.parts.handOver();
  }
}

function isWholeMessage(chunk: Buffer): boolean {
  return (
    chunk.length >= prefixBytes &&
    chunk[0] === 0 &&
    chunk.readUInt32BE(1) === chunk.length - prefixBytes
  );
}

function withPrefix(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, prefixBytes);
  return framed;
}

function ignore(): void {
  // See where it is used.
}
