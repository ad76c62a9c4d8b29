import { errorCode } from './fault';
import { flag, type FrameHead, frameType, headBytes, numberFrame, writeFrameHead } from './frames';
import { maxWindow, streamWindow } from './settings';

/** Who reads a stream and answers it. */
export interface StreamReader {
  /** Told a part of the body, which may be kept. `taken` is to be called once it is not held any more. */
  data(bytes: Buffer): void;
  /** The body is over. */
  end(): void;
  /** What waited to be sent is gone. */
  drained(): void;
  /** Nothing comes any more, and all that was answered is gone, or never will be. Told once. */
  closed(): void;
}

/** What a stream needs of its connection. */
export interface StreamConnection {
  /** Bytes that all streams may send before they are given more. */
  sendWindow: number;
  readonly payloadBytes: number;
  /** Whether the socket has as much to send as it should. */
  readonly isClogged: boolean;
  write(bytes: Buffer, done?: () => void): void;
  /** Has `flush` called as soon as there is room again. */
  waitForRoom(stream: Http2Stream): void;
  /** Lets the other side send so many bytes more. */
  taken(bytes: number): void;
  forget(stream: Http2Stream): void;
  /** Has what is still on the way for a stream that was ended passed over. */
  passOver(stream: Http2Stream): void;
  /** Notes that the other side ended a stream, or misused it. @throws ConnectionFault if it is a habit */
  strike(): void;
}

/** Bytes that wait to be sent, beyond which who writes should wait for `drained`. */
const highWaterBytes = 64 * 1024;

/** A request under way, and its answer. */
export class Http2Stream {
  reader: StreamReader = nobody;
  /** Bytes sent so far, by which it is seen whether the other side reads, and when that was last looked at. */
  sentBytes = 0;
  sentBytesBefore = -1;
  private isRemoteEnded = false;
  private isLocalEnded = false;
  private isOver = false;
  private isToldClosed = false;
  /** Bytes that may come yet. */
  private receiveWindow = streamWindow;
  /** Bytes that have come and are held. */
  private held = 0;
  /** Bytes that were held, and that the other side may send again but was not told so yet. */
  private free = 0;
  private received = 0;
  /** What is to be sent once there is room: the body, and what ends it. */
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private ending: { readonly trailers: Buffer | undefined } | undefined;

  /** @param bodyBytes - as the head says it. @default - it does not */
  constructor(
    readonly id: number,
    private readonly connection: StreamConnection,
    private sendWindow: number,
    private readonly bodyBytes?: number,
  ) {}

  /** Whether nothing that is done with it has an effect any more. */
  get isClosed(): boolean {
    return this.isOver;
  }

  /** Sends a head, encoded. */
  respond(head: Buffer, endsStream: boolean): void {
    if (this.isOver || this.isLocalEnded) return;
    if (endsStream) this.isLocalEnded = true;
    const bytes = Buffer.allocUnsafe(headBytes + head.length);
    head.copy(bytes, this.writeHead(bytes, 0, head.length, endsStream));
    this.connection.write(bytes, endsStream ? this.onFlushed : undefined);
    if (endsStream) this.finish();
  }

  /** Sends head, body and trailers, in one piece where there is room for it. */
  answer(head: Buffer, body: Buffer, trailers: Buffer): void {
    if (this.isOver) return;
    if (!this.hasRoomFor(body.length)) {
      this.respond(head, false);
      this.write(body);
      this.end(trailers);
      return;
    }
    const bytes = Buffer.allocUnsafe(3 * headBytes + head.length + body.length + trailers.length);
    let at = this.writeHead(bytes, 0, head.length, false);
    at += head.copy(bytes, at);
    at = this.writeDataHead(bytes, at, body.length, false);
    at += body.copy(bytes, at);
    at = this.writeHead(bytes, at, trailers.length, true);
    trailers.copy(bytes, at);
    this.isLocalEnded = true;
    this.connection.write(bytes, this.onFlushed);
    this.finish();
  }

  /**
   * Sends a part of the body.
   *
   * @returns whether more may be written at once; if not, `drained` is told.
   */
  write(body: Buffer): boolean {
    if (this.isOver || this.ending !== undefined || this.isLocalEnded) return true;
    if (body.length > 0) {
      this.waiting.push(body);
      this.waitingBytes += body.length;
      this.flush();
    }
    return this.waitingBytes < highWaterBytes;
  }

  /** Ends the body. @param trailers - encoded. @default - none */
  end(trailers?: Buffer): void {
    if (this.isOver || this.isLocalEnded) return;
    this.ending = { trailers };
    this.flush();
  }

  /** Ends the stream without regard to what is under way. */
  reset(code: number): void {
    if (this.isOver) return;
    this.connection.write(numberFrame(frameType.reset, this.id, code));
    this.connection.passOver(this);
    this.abandon();
  }

  /** Lets the other side send so many bytes more. */
  taken(bytes: number): void {
    if (this.isOver) return;
    this.held -= bytes;
    this.connection.taken(bytes);
    this.free += bytes;
    // Said seldom: a window that is half open holds nobody up.
    if (this.isRemoteEnded || this.free < streamWindow / 2) return;
    this.connection.write(numberFrame(frameType.windowUpdate, this.id, this.free));
    this.receiveWindow += this.free;
    this.free = 0;
  }

  /** @param padding - bytes that came with it and say nothing. */
  onData(bytes: Buffer, padding: number, endsStream: boolean): void {
    const length = bytes.length + padding;
    if (this.isRemoteEnded) {
      this.connection.taken(length);
      this.refuse(errorCode.streamClosed);
      return;
    }
    this.held += length;
    this.receiveWindow -= length;
    this.received += bytes.length;
    if (this.receiveWindow < 0) {
      this.refuse(errorCode.flowControl);
      return;
    }
    if (padding > 0) this.taken(padding);
    if (bytes.length > 0) this.reader.data(bytes);
    if (endsStream) this.onEnd();
  }

  onEnd(): void {
    if (this.isOver) return;
    this.isRemoteEnded = true;
    if (this.bodyBytes !== undefined && this.bodyBytes !== this.received) {
      this.refuse(errorCode.protocol);
    } else {
      this.reader.end();
    }
  }

  /** Fields came after the body. */
  onTrailers(areValid: boolean): void {
    if (this.isRemoteEnded) this.refuse(errorCode.streamClosed);
    else if (areValid) this.onEnd();
    else this.refuse(errorCode.protocol);
  }

  onReset(): void {
    this.abandon();
    this.connection.strike();
  }

  /** The other side may send so much more, or less; once windows change, all streams are told. */
  onWindow(change: number): void {
    this.sendWindow += change;
    if (this.sendWindow > maxWindow) this.refuse(errorCode.flowControl);
    else this.flush();
  }

  /** Sends what waits, for as long as there is room. */
  flush(): void {
    const { connection } = this;
    while (this.waitingBytes > 0) {
      const room = Math.min(this.sendWindow, connection.sendWindow, connection.payloadBytes);
      if (room <= 0 || connection.isClogged) {
        connection.waitForRoom(this);
        return;
      }
      this.sendPart(room);
    }
    if (this.ending === undefined) this.reader.drained();
    else this.sendEnding(this.ending.trailers);
  }

  /** Ends a stream that the other side misused. */
  refuse(code: number): void {
    this.reset(code);
    this.connection.strike();
  }

  /** Ends it without a word. */
  abandon(): void {
    if (this.isOver) return;
    this.close();
    this.tellClosed();
  }

  private hasRoomFor(length: number): boolean {
    const { connection } = this;
    return (
      length <= connection.payloadBytes &&
      length <= this.sendWindow &&
      length <= connection.sendWindow &&
      !connection.isClogged
    );
  }

  private sendPart(room: number): void {
    const [first] = this.waiting;
    if (first === undefined) return;
    const part = first.length <= room ? first : first.subarray(0, room);
    if (part === first) this.waiting.shift();
    else this.waiting[0] = first.subarray(room);
    this.waitingBytes -= part.length;
    const head = Buffer.allocUnsafe(headBytes);
    this.writeDataHead(head, 0, part.length, false);
    this.connection.write(head);
    this.connection.write(part);
  }

  private sendEnding(trailers: Buffer | undefined): void {
    if (trailers !== undefined) {
      this.respond(trailers, true);
      return;
    }
    this.isLocalEnded = true;
    const empty = Buffer.allocUnsafe(headBytes);
    this.writeDataHead(empty, 0, 0, true);
    this.connection.write(empty, this.onFlushed);
    this.finish();
  }

  /** Of fields. @returns where the payload begins. */
  private writeHead(to: Buffer, at: number, length: number, endsStream: boolean): number {
    const flags = flag.endHeaders | (endsStream ? flag.endStream : 0);
    return writeFrameHead(to, at, this.frame(frameType.headers, flags, length));
  }

  private writeDataHead(to: Buffer, at: number, length: number, endsStream: boolean): number {
    this.sendWindow -= length;
    this.connection.sendWindow -= length;
    this.sentBytes += length;
    return writeFrameHead(
      to,
      at,
      this.frame(frameType.data, endsStream ? flag.endStream : 0, length),
    );
  }

  private frame(type: number, flags: number, length: number): FrameHead {
    return { length, type, flags, stream: this.id };
  }

  /** All is sent. What the other side still has to send, nobody wants. */
  private finish(): void {
    if (this.isRemoteEnded) {
      this.close();
      return;
    }
    this.connection.write(numberFrame(frameType.reset, this.id, errorCode.none));
    this.connection.passOver(this);
    this.close();
  }

  private close(): void {
    this.isOver = true;
    this.waiting.length = 0;
    this.waitingBytes = 0;
    this.connection.taken(this.held);
    this.connection.forget(this);
  }

  private readonly onFlushed = (): void => {
    this.tellClosed();
  };

  private tellClosed(): void {
    if (this.isToldClosed) return;
    this.isToldClosed = true;
    this.reader.closed();
  }
}

const nobody: StreamReader = { data: ignore, end: ignore, drained: ignore, closed: ignore };

function ignore(): void {
  // A stream has a reader before anything comes over it.
}
