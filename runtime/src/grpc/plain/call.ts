import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { PeerCertificate } from 'node:tls';
import { Metadata, status } from '@grpc/grpc-js';
import { peerCertificateOf } from '../../access/peer-certificate';
import { CallerLeft } from '../../call';
import type { AnswerHeaders } from '../../infer';
import type { ByteBudget, Hold } from '../../limits/byte-budget';
import type { Ending } from '../status';
import type { UnaryCall } from '../unary';
import { onlyMessage } from './frame';
import type { PlainHead } from './head';

const anyHead: OutgoingHttpHeaders = {
  [constants.HTTP2_HEADER_STATUS]: 200,
  [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
};
const answerHead: OutgoingHttpHeaders = {
  ...anyHead,
  // As grpc-js says it: from here on a client may pack what it sends.
  'grpc-accept-encoding': 'identity,deflate,gzip',
  'grpc-encoding': 'identity',
};
const allWentWell = { 'grpc-status': status.OK, 'grpc-message': 'OK' };
const withTrailers = { waitForTrailers: true };

/** What a call needs of the front end. */
export interface PlainHost {
  readonly bodies: ByteBudget;
  /** Greatest message that is taken here. */
  readonly maxMessageBytes: number;
  /** Of the method. */
  readonly path: string;
  /** @returns the answer, framed. Rejects with what is to be said instead. */
  answer(message: Buffer, call: PlainCall): Promise<Buffer>;
  /** How a call ends of which that was thrown. */
  endingOf(thrown: unknown): Ending;
  /** Has grpc-js answer a call that nothing was taken of. */
  handOver(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  /** Forgets a call that is over, or somebody else's. */
  forget(call: PlainCall): void;
}

/**
 * A call whose message comes whole in one frame, which nearly every one is whose tensors are small. Its
 * answer is written at once: head, message and status.
 */
export class PlainCall implements UnaryCall {
  readonly left = new CallerLeft();
  readonly deadline: number | undefined;
  private readonly held: Hold;
  private readonly timer: NodeJS.Timeout | undefined;
  private message: Buffer | undefined;
  private said: AnswerHeaders | undefined;
  /** Whether it is answered, closed, or grpc-js's. */
  private isOver = false;
  /** Bytes of the answer that were not taken when it was last looked at. */
  private untaken = Infinity;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly head: PlainHead,
    private readonly host: PlainHost,
  ) {
    this.held = host.bodies.hold();
    const { timeoutMillis } = head;
    if (timeoutMillis !== undefined) {
      this.deadline = performance.now() + timeoutMillis;
      this.timer = setTimeout(this.onDeadline, Math.min(timeoutMillis, 2 ** 31 - 1));
    }
    stream.on('data', this.onData);
    stream.on('end', this.onEnd);
    stream.on('close', this.onClose);
    // What went wrong closes the stream, which is where it is seen to.
    stream.on('error', ignore);
  }

  get path(): string {
    return this.host.path;
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

  /**
   * Ends a call whose caller has taken nothing of its answer since this was last asked. Asked of all calls
   * in one turn: what is written to a stream waits for a moment always, and a timer for each costs.
   */
  endIfStalled(): void {
    if (!this.isOver) return;
    const { writableLength } = this.stream;
    if (writableLength === this.untaken) this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    this.untaken = writableLength;
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.message !== undefined) {
      const details = `Received a second request message for server streaming method ${this.path}`;
      this.end({ code: status.UNIMPLEMENTED, details });
      return;
    }
    this.message = onlyMessage(chunk, this.host.maxMessageBytes);
    if (this.message === undefined) {
      this.handOver(chunk);
      return;
    }
    try {
      this.held.take(chunk.length);
    } catch (error) {
      this.end(this.host.endingOf(error));
    }
  };

  private readonly onEnd = (): void => {
    if (this.isOver) return;
    if (this.message === undefined) {
      const details = `Received no request message for server streaming method ${this.path}`;
      this.end({ code: status.UNIMPLEMENTED, details });
      return;
    }
    this.host.answer(this.message, this).then(this.reply, (thrown: unknown) => {
      this.end(this.host.endingOf(thrown));
    });
  };

  private readonly reply = (answer: Buffer): void => {
    const { stream, said } = this;
    if (this.isOver || stream.closed) return;
    try {
      this.held.keep(answer.length);
    } catch (error) {
      this.end(this.host.endingOf(error));
      return;
    }
    this.finish();
    const head =
      said === undefined
        ? answerHead
        : { ...answerHead, ...Metadata.fromHttp2Headers(said).toHttp2Headers() };
    stream.respond(head, withTrailers);
    stream.on('wantTrailers', sendTrailers);
    stream.end(answer);
  };

  /** Ends without an answer. */
  private end({ code, details, metadata }: Ending): void {
    const { stream } = this;
    if (this.isOver || stream.closed) return;
    this.finish();
    const head = { 'grpc-status': code, 'grpc-message': encodeURI(details), ...anyHead };
    stream.respond({ ...head, ...metadata?.toHttp2Headers() }, { endStream: true });
    this.left.abort();
  }

  private readonly onDeadline = (): void => {
    this.end({ code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' });
  };

  private readonly onClose = (): void => {
    this.finish();
    this.held.release();
    this.left.abort();
    this.host.forget(this);
  };

  private finish(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  private handOver(unread: Buffer): void {
    const { stream } = this;
    this.finish();
    stream.off('data', this.onData);
    stream.off('end', this.onEnd);
    stream.off('close', this.onClose);
    this.host.forget(this);
    // Paused, so that what is put back waits for the listener that grpc-js adds.
    stream.pause();
    stream.unshift(unread);
    this.host.handOver(stream, this.head.headers);
  }
}

function sendTrailers(this: ServerHttp2Stream): void {
  this.sendTrailers(allWentWell);
}

function ignore(): void {
  // See where it is used.
}
