import type { PeerCertificate } from 'node:tls';
import { Metadata, status } from '@grpc/grpc-js';
import { CallerLeft } from '../../call';
import { encodeFields } from '../../http2/hpack/encode';
import { fieldsOfHeaders } from '../../http2/hpack/fields';
import type { Field } from '../../http2/hpack/static-table';
import type { Http2Stream, StreamReader } from '../../http2/stream';
import type { AnswerHeaders } from '../../infer';
import type { ByteBudget, Hold } from '../../limits/byte-budget';
import type { Ending } from '../status';
import type { UnaryCall } from '../unary';
import { IncomingMessage } from './incoming-message';
import type { PlainHead } from './head';

const anyHead: readonly Field[] = [
  [':status', '200'],
  ['content-type', 'application/grpc+proto'],
];
const answerHead: readonly Field[] = [
  ...anyHead,
  // As grpc-js says it: from here on a client may pack what it sends.
  ['grpc-accept-encoding', 'identity,deflate,gzip'],
  ['grpc-encoding', 'identity'],
];
const plainAnswerHead = encodeFields(answerHead);
const allWentWell = encodeFields([
  ['grpc-status', String(status.OK)],
  ['grpc-message', 'OK'],
]);

/** Milliseconds for a message that does not come in one piece. */
const messageMillis = 120_000;
const longestTimer = 2 ** 31 - 1;

/** What a call needs of the front end. */
export interface PlainHost {
  readonly bodies: ByteBudget;
  /** Greatest message, in bytes. */
  readonly maxMessageBytes: number;
  /** Of the method. */
  readonly path: string;
  /** @returns the answer, framed. Rejects with what is to be said instead. */
  answer(message: Buffer, call: PlainCall): Promise<Buffer>;
  /** How a call ends of which that was thrown. */
  endingOf(thrown: unknown): Ending;
}

/** A call of one message that is not packed. Anything else is given to grpc-js as it came. */
export class PlainCall implements UnaryCall, StreamReader {
  readonly left = new CallerLeft();
  readonly deadline: number | undefined;
  private readonly held: Hold;
  private readonly message: IncomingMessage;
  private timer: NodeJS.Timeout | undefined;
  private said: AnswerHeaders | undefined;
  private isAnswered = false;

  /**
   * @param peer - the certificate at the other end.
   * @param handOver - has grpc-js read the stream from here on, beginning with what has come of it.
   */
  constructor(
    private readonly stream: Http2Stream,
    private readonly head: PlainHead,
    private readonly host: PlainHost,
    private readonly peer: () => PeerCertificate | undefined,
    private readonly handOver: (came: Buffer) => StreamReader,
  ) {
    this.held = host.bodies.hold();
    this.message = new IncomingMessage(host.maxMessageBytes);
    const { timeoutMillis } = head;
    if (timeoutMillis === undefined) return;
    this.deadline = performance.now() + timeoutMillis;
    this.timer = setTimeout(this.onDeadline, Math.min(timeoutMillis, longestTimer));
  }

  get path(): string {
    return this.host.path;
  }

  /** The first of its values, as grpc-js reads metadata. */
  header(name: string): string | undefined {
    return this.head.headers[name]?.split(',', 1)[0]?.trim();
  }

  peerCertificate(): PeerCertificate | undefined {
    return this.peer();
  }

  say(said: AnswerHeaders): void {
    this.said = said;
  }

  data(bytes: Buffer): void {
    if (this.isAnswered) return;
    try {
      this.held.take(bytes.length);
    } catch (error) {
      this.refuse(this.host.endingOf(error));
      return;
    }
    this.stream.taken(bytes.length);
    this.message.add(bytes);
    if (!this.message.isPlain) this.giveAway();
    else if (this.message.whole === undefined) this.expectMore();
  }

  end(): void {
    if (this.isAnswered) return;
    const { whole } = this.message;
    if (whole === undefined) {
      this.giveAway().end();
      return;
    }
    this.host.answer(whole, this).then(this.reply, (thrown: unknown) => {
      this.refuse(this.host.endingOf(thrown));
    });
  }

  drained(): void {
    // The answer is written at once, and waits with the stream.
  }

  closed(): void {
    this.finish();
    this.held.release();
    this.left.abort();
  }

  private readonly reply = (answer: Buffer): void => {
    const { stream, said } = this;
    if (this.isAnswered || stream.isClosed) return;
    try {
      this.held.keep(answer.length);
    } catch (error) {
      this.refuse(this.host.endingOf(error));
      return;
    }
    this.finish();
    const head =
      said === undefined
        ? plainAnswerHead
        : encodeFields([...answerHead, ...fieldsOf(Metadata.fromHttp2Headers(said))]);
    stream.answer(head, answer, allWentWell);
  };

  /** Ends without an answer. */
  private refuse({ code, details, metadata }: Ending): void {
    if (this.isAnswered || this.stream.isClosed) return;
    this.finish();
    const head: readonly Field[] = [
      ['grpc-status', String(code)],
      ['grpc-message', encodeURI(details)],
    ];
    const said = metadata === undefined ? [] : fieldsOf(metadata);
    this.stream.respond(encodeFields([...anyHead, ...head, ...said]), true);
    this.left.abort();
  }

  /** A caller who says nothing about time does not hold memory without end. */
  private expectMore(): void {
    this.timer ??= setTimeout(() => {
      const details = `the message did not come within ${messageMillis / 1000} s`;
      this.refuse({ code: status.DEADLINE_EXCEEDED, details });
    }, messageMillis);
  }

  private readonly onDeadline = (): void => {
    this.refuse({ code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded' });
  };

  private finish(): void {
    this.isAnswered = true;
    clearTimeout(this.timer);
  }

  private giveAway(): StreamReader {
    this.finish();
    this.held.release();
    return this.handOver(this.message.came);
  }
}

function fieldsOf(metadata: Metadata): readonly Field[] {
  return fieldsOfHeaders(metadata.toHttp2Headers());
}
