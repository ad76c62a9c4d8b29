import type { Socket } from 'node:net';
import { errors, type ServingError } from '../../errors';
import { endIfStalled } from '../../limits/stalled-reader';
import type { InferenceCall } from '../../telemetry/observer';
import { answerClientError } from '../client-error';
import { probeHalfClosed } from '../half-closed';
import { lingerMillis } from '../reply';
import { type Allowance, allowances } from './allowances';
import { type PlainHead, readHead } from './head';
import { type PlainReply, refused, writeReply } from './reply';
import type { PlainRequest } from './request';

/** A plain request under way, and what is told of it. */
export interface PlainInference {
  readonly request: PlainRequest;
  readonly call: InferenceCall;
}

/** What a connection needs of the front end. */
export interface PlainHost {
  /** Greatest body that is plain, in bytes. */
  readonly maxBodyBytes: number;
  /** Seconds, on a clock that is coarse and costs nothing to read. */
  readonly now: number;
  /** Whether connections are to be given up. */
  readonly isDraining: boolean;
  /** Notes a request whose head has come. */
  begin(head: PlainHead, socket: Socket): PlainInference;
  /** Answers an inference whose body has come; never rejects. */
  answer(
    asked: PlainInference,
    body: Buffer<ArrayBuffer>,
    connection: PlainConnection,
  ): Promise<void>;
  /** Takes note that an inference is answered, or its caller gone. */
  finish(): void;
  /** Forgets a connection that is closed. */
  forget(connection: PlainConnection): void;
  /** Gives a connection to node:http, which is to read it from here on. */
  handOver(connection: PlainConnection): void;
}

/** Pieces that a head may come in: to read it again with each must cost next to nothing. */
export const maxPieces = 8;

const interim = 'HTTP/1.1 102 Processing\r\n\r\n';

/**
 * A connection that has brought nothing but plain inferences so far. One of them is under way at a
 * time: what follows it stays in the socket, unread, until it is answered.
 */
export class PlainConnection {
  /** The beginning of a head, and in how many pieces it came. */
  private partial: Buffer | undefined;
  private pieces = 0;
  /** What is under way, from its head to the end of its answer. */
  private asked: PlainInference | undefined;
  private answerBegun = false;
  /** Ends the watch over a caller that is slow to read its answer. */
  private answerGone: (() => void) | undefined;
  private hasEnded = false;
  private isRefused = false;
  private allowance: Allowance | undefined = allowances.head;
  /** Second in which the allowance began. */
  private since: number;

  constructor(
    readonly socket: Socket,
    private readonly host: PlainHost,
  ) {
    this.since = host.now;
    socket.on('data', this.onData);
    socket.on('end', this.onEnd);
    socket.on('error', ignore);
    socket.on('close', this.onClose);
  }

  /** Answers the request under way. */
  reply(reply: PlainReply): void {
    if (this.asked === undefined || this.isRefused) return;
    this.answerBegun = true;
    writeReply(this.socket, reply, this.isLast, this.onAnswered);
    this.answerGone = endIfStalled(this.socket, this.cut);
  }

  /** Ends what has taken too long. To be called about once a second. */
  checkTime(): void {
    const { allowance, since, host } = this;
    if (allowance === undefined || host.now - since < allowance.seconds) return;
    if (allowance.isTold) this.refuse('ERR_HTTP_REQUEST_TIMEOUT');
    else this.socket.destroy();
  }

  private get isLast(): boolean {
    return this.hasEnded || this.host.isDraining;
  }

  private allow(allowance: Allowance | undefined): void {
    this.allowance = allowance;
    this.since = this.host.now;
  }

  private readonly onData = (chunk: Buffer<ArrayBuffer>): void => {
    const { asked } = this;
    if (this.isRefused) return;
    if (asked === undefined) this.readHead(chunk);
    else if (asked.request.body.whole === undefined) this.readBody(asked, chunk, 0);
    else this.keepForLater(chunk);
  };

  private readHead(chunk: Buffer<ArrayBuffer>): void {
    const bytes = this.partial === undefined ? chunk : Buffer.concat([this.partial, chunk]);
    const head = readHead(bytes, this.host.maxBodyBytes);
    if (head === 'other' || (head === 'partial' && this.pieces === maxPieces)) {
      this.handOver(bytes);
      return;
    }
    if (head === 'partial') {
      if (this.partial === undefined) this.allow(allowances.head);
      this.partial = bytes;
      this.pieces++;
      return;
    }
    this.partial = undefined;
    this.pieces = 0;
    this.allow(allowances.body);
    this.asked = this.host.begin(head, this.socket);
    this.readBody(this.asked, bytes, head.length);
  }

  private readBody(asked: PlainInference, chunk: Buffer<ArrayBuffer>, from: number): void {
    const { body, held } = asked.request;
    try {
      held.take(Math.min(chunk.length - from, body.missing));
    } catch (error) {
      this.refuseBody(asked.call.failed(error));
      return;
    }
    const end = body.add(chunk, from);
    const { whole } = body;
    if (whole === undefined) return;
    this.allowance = undefined;
    if (end < chunk.length) this.keepForLater(chunk.subarray(end));
    void this.host.answer(asked, whole, this);
  }

  /** Refuses a request that has no room, and reads its body away for long enough that it is told. */
  private refuseBody(error: ServingError): void {
    this.isRefused = true;
    this.allowance = undefined;
    writeReply(this.socket, refused(error), true, ignore);
    this.finish();
    setTimeout(() => {
      this.socket.destroySoon();
    }, lingerMillis).unref();
  }

  /** Puts the beginning of a later request back; the system makes a caller wait that sends on. */
  private keepForLater(chunk: Buffer): void {
    this.socket.pause();
    this.socket.unshift(chunk);
  }

  private readonly onAnswered = (error?: Error | null): void => {
    // What went wrong closes the connection, which is where it is seen to.
    if (error) return;
    const { isLast } = this;
    this.answerGone?.();
    this.answerGone = undefined;
    this.finish();
    this.allow(allowances.idle);
    if (isLast) this.socket.destroySoon();
    else if (this.socket.isPaused()) this.socket.resume();
  };

  private readonly cut = (): void => {
    this.socket.destroy();
  };

  private readonly onEnd = (): void => {
    this.hasEnded = true;
    if (this.isRefused) return;
    if (this.asked?.request.body.whole !== undefined) {
      probeHalfClosed(this.socket, () => {
        if (this.asked !== undefined && !this.answerBegun) this.socket.write(interim);
      });
    } else if (this.asked !== undefined || this.partial !== undefined) {
      this.refuse('HPE_INVALID_EOF_STATE');
    } else {
      this.socket.end();
    }
  };

  private readonly onClose = (): void => {
    const { asked } = this;
    if (asked !== undefined) {
      asked.request.left.abort();
      if (asked.request.body.whole === undefined) asked.call.failed(errors.bodyTruncated());
      this.finish();
    }
    this.host.forget(this);
  };

  private finish(): void {
    if (this.asked === undefined) return;
    this.host.finish();
    this.asked.request.held.release();
    this.asked = undefined;
    this.answerBegun = false;
  }

  /** Answers that there was no whole request, as node:http is made to. */
  private refuse(code: string): void {
    this.isRefused = true;
    this.allowance = undefined;
    answerClientError(code, this.socket, this.answerBegun);
  }

  /** @param unread - what came and was not used. */
  private handOver(unread: Buffer): void {
    const { socket } = this;
    socket.off('data', this.onData);
    socket.off('end', this.onEnd);
    socket.off('error', ignore);
    socket.off('close', this.onClose);
    // Paused, so that what is put back waits for the listener that node:http adds.
    socket.pause();
    socket.unshift(unread);
    this.host.forget(this);
    this.host.handOver(this);
    socket.resume();
  }
}

function ignore(): void {
  // The connection closes, which is where it is seen to.
}
