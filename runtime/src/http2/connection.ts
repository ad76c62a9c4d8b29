import type { Socket } from 'node:net';
import { broken, ConnectionFault, errorCode } from './fault';
import { flag, type Frame, frameOf, frameType, goAwayFrame, numberFrame, streamAt } from './frames';
import { FrameReader } from './frame-reader';
import { type HeaderBlock, HeaderBlockReader, priorityBytes, withoutPadding } from './header-block';
import { HeadDecoder } from './heads';
import { Patience } from './patience';
import { Preface } from './preface';
import { areTrailers, maxListBytes, type RequestHeaders, tooLong } from './request-head';
import {
  connectionWindow,
  defaultSettings,
  defaultWindow,
  maxStreams,
  maxWindow,
  ourSettings,
  type PeerSettings,
  readSettings,
} from './settings';
import { Http2Stream, type StreamConnection, type StreamReader } from './stream';
import { Strikes } from './strikes';

/** What a connection needs of the server. */
export interface ConnectionHost {
  /** Seconds, on a clock that is coarse and costs nothing to read. */
  readonly now: number;
  /** Gives a stream that has begun to who reads it. */
  open(stream: Http2Stream, headers: RequestHeaders, connection: Http2Connection): StreamReader;
  /** Forgets a connection that is closed. */
  forget(connection: Http2Connection): void;
}

const settingsAck = frameOf(frameType.settings, flag.ack, 0, Buffer.alloc(0));
const ping = frameOf(frameType.ping, 0, 0, Buffer.from('manara?!'));
const opening = Buffer.concat([
  ourSettings(maxListBytes),
  numberFrame(frameType.windowUpdate, 0, connectionWindow - defaultWindow),
]);

/** Answers to settings and pings that may wait for a connection that does not read. */
const maxUnreadReplies = 1000;

/** Streams that were ended and for which frames may still be on the way. */
const maxPassedOver = 1000;

/**
 * The server's side of a connection of HTTP/2. Source: RFC 9113. Of what the protocol leaves open it does
 * the least: it pushes nothing, regards no priorities, and says its heads by the static table.
 */
export class Http2Connection implements StreamConnection {
  sendWindow = defaultWindow;
  private readonly frames = new FrameReader((frame) => {
    this.onFrame(frame);
  });
  private readonly heads = new HeaderBlockReader();
  private readonly decoder = new HeadDecoder();
  private readonly strikes = new Strikes();
  private peer: PeerSettings = defaultSettings;
  private readonly streams = new Map<number, Http2Stream>();
  private readonly blocked = new Set<Http2Stream>();
  private readonly passedOver = new Set<number>();
  private lastStream = 0;
  private readonly preface = new Preface();
  private hasSettings = false;
  private receiveWindow = connectionWindow;
  private free = 0;
  private isCorked = false;
  /** Whether it is told that no more requests are taken. */
  private isLeaving = false;
  private isOver = false;
  private unreadReplies = 0;
  private readonly patience: Patience;
  /** Of all that was written, how much was taken when that was last looked at. */
  private takenBytes = 0;

  constructor(
    readonly socket: Socket,
    private readonly host: ConnectionHost,
  ) {
    this.patience = new Patience(host.now);
    socket.on('data', this.onData);
    socket.on('drain', this.onDrain);
    socket.on('error', ignore);
    socket.on('close', this.onClose);
    this.write(opening);
  }

  get payloadBytes(): number {
    return this.peer.payloadBytes;
  }

  get isClogged(): boolean {
    return this.socket.writableNeedDrain;
  }

  /** Takes no more requests, and closes once those under way are answered. */
  leave(): void {
    if (this.isLeaving || this.isOver) return;
    this.isLeaving = true;
    this.write(goAwayFrame(this.lastStream, errorCode.none));
    if (this.streams.size === 0) this.finish();
  }

  /** Ends what has taken too long. To be called once a second. */
  checkTime(): void {
    this.strikes.forgive();
    const isUsed = this.streams.size > 0;
    for (const what of this.patience.overdue(this.host.now, this.hasSettings, isUsed)) {
      if (what === 'close') this.socket.destroy();
      else if (what === 'let go') this.leave();
      else if (what === 'look whether it reads') this.checkProgress();
      else if (!this.isOver) this.write(ping);
    }
  }

  write(bytes: Buffer, done?: () => void): void {
    const { socket } = this;
    if (!socket.writable) {
      done?.();
      return;
    }
    // What is answered in one turn goes out together.
    if (!this.isCorked) {
      this.isCorked = true;
      socket.cork();
      process.nextTick(this.uncork);
    }
    socket.write(bytes, done);
  }

  waitForRoom(stream: Http2Stream): void {
    this.blocked.add(stream);
  }

  taken(bytes: number): void {
    this.free += bytes;
    // Said seldom: a window that is half open holds nobody up.
    if (this.free < connectionWindow / 2) return;
    this.receiveWindow += this.free;
    this.write(numberFrame(frameType.windowUpdate, 0, this.free));
    this.free = 0;
  }

  forget(stream: Http2Stream): void {
    this.streams.delete(stream.id);
    this.blocked.delete(stream);
    if (this.isLeaving && this.streams.size === 0) this.finish();
  }

  passOver({ id }: Pick<Http2Stream, 'id'>): void {
    this.passedOver.add(id);
    if (this.passedOver.size <= maxPassedOver) return;
    for (const oldest of this.passedOver) {
      this.passedOver.delete(oldest);
      return;
    }
  }

  strike(): void {
    this.strikes.add();
  }

  /** Ends a connection, or a stream, whose other side has taken nothing of what waits since last time. */
  private checkProgress(): void {
    const { socket } = this;
    const taken = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength > 0 && taken === this.takenBytes) {
      socket.destroy();
      return;
    }
    this.takenBytes = taken;
    for (const stream of [...this.blocked]) {
      if (stream.sentBytes === stream.sentBytesBefore) stream.reset(errorCode.enhanceYourCalm);
      stream.sentBytesBefore = stream.sentBytes;
    }
  }

  private readonly uncork = (): void => {
    this.isCorked = false;
    this.socket.uncork();
  };

  private readonly onData = (chunk: Buffer): void => {
    if (this.isOver) return;
    this.patience.heard(this.host.now);
    try {
      this.frames.read(this.preface.strip(chunk));
    } catch (thrown) {
      if (!(thrown instanceof ConnectionFault)) throw thrown;
      this.fail(thrown.code);
    }
  };

  private onFrame(frame: Frame): void {
    // What follows a fault in the same chunk.
    if (this.isOver) return;
    const { type, stream, payload } = frame;
    if (!this.hasSettings && type !== frameType.settings) broken('settings do not come first');
    if (this.heads.isOpen && type !== frameType.continuation) broken('a head is broken off');
    switch (type) {
      case frameType.data:
        this.onDataFrame(frame);
        return;
      case frameType.headers:
        if (stream === 0) broken('a head of no stream');
        this.onHead(this.heads.begin(frame));
        return;
      case frameType.continuation:
        this.onHead(this.heads.goOn(frame));
        return;
      case frameType.windowUpdate:
        this.onWindow(stream, payload);
        return;
      case frameType.reset:
        sized(payload, 4);
        this.known(stream, 'a reset')?.onReset();
        return;
      case frameType.settings:
        this.onSettings(frame);
        return;
      case frameType.ping:
        if (stream !== 0) broken('a ping of a stream');
        sized(payload, 8);
        if ((frame.flags & flag.ack) === 0) this.reply(frameOf(type, flag.ack, 0, payload));
        return;
      case frameType.goAway:
        if (stream !== 0) broken('a stream that goes away');
        if (payload.length < 8) sized(payload, 8);
        return;
      case frameType.priority:
        this.onPriority(frame);
        return;
      case frameType.pushPromise:
        broken('a client that pushes');
    }
  }

  private onDataFrame({ stream: id, flags, payload }: Frame): void {
    this.receiveWindow -= payload.length;
    if (this.receiveWindow < 0) {
      throw new ConnectionFault(errorCode.flowControl, 'more than the connection was given');
    }
    const stream = this.known(id, 'a body');
    const bytes = withoutPadding(flags, payload);
    if (stream !== undefined) {
      stream.onData(bytes, payload.length - bytes.length, (flags & flag.endStream) !== 0);
      return;
    }
    this.taken(payload.length);
    if (!this.passedOver.has(id)) this.refuseClosed(id);
  }

  /** @param block - @default - it is not whole */
  private onHead(block: HeaderBlock | undefined): void {
    if (block === undefined) return;
    const { stream: id, endsStream } = block;
    // Decoded whatever becomes of it: later heads say what they have in common with it.
    const head = this.decoder.decode(block.bytes);
    const open = this.streams.get(id);
    if (open !== undefined) {
      open.onTrailers(endsStream && areTrailers(head.fields));
      return;
    }
    if (id <= this.lastStream) {
      if (this.passedOver.has(id)) return;
      throw new ConnectionFault(errorCode.streamClosed, 'a head of a stream that is closed');
    }
    if (id % 2 === 0) broken('a stream with a number of the server');
    this.lastStream = id;
    const headers = block.dependsOnItself ? undefined : head.request;
    if (headers === undefined) this.refuseStream(id, errorCode.protocol);
    else if (headers === tooLong) this.refuseStream(id, errorCode.enhanceYourCalm);
    else if (this.isLeaving || this.streams.size >= maxStreams) {
      this.refuseStream(id, errorCode.refusedStream);
    } else this.open(id, headers, endsStream);
  }

  private open(id: number, headers: RequestHeaders, endsStream: boolean): void {
    const length = headers['content-length'];
    const bodyBytes = length === undefined ? undefined : Number(length);
    const stream = new Http2Stream(id, this, this.peer.initialWindow, bodyBytes);
    this.streams.set(id, stream);
    stream.reader = this.host.open(stream, headers, this);
    if (endsStream) stream.onEnd();
  }

  private onWindow(id: number, payload: Buffer): void {
    sized(payload, 4);
    const more = streamAt(payload, 0);
    if (id !== 0) {
      const stream = this.known(id, 'a window');
      if (more === 0) stream?.refuse(errorCode.protocol);
      else stream?.onWindow(more);
      return;
    }
    if (more === 0) broken('a window that does not grow');
    this.sendWindow += more;
    if (this.sendWindow > maxWindow) {
      throw new ConnectionFault(errorCode.flowControl, 'a window that is too large');
    }
    this.flushBlocked();
  }

  private onSettings({ stream, flags, payload }: Frame): void {
    if (stream !== 0) broken('settings of a stream');
    if ((flags & flag.ack) !== 0) {
      sized(payload, 0);
      return;
    }
    const before = this.peer.initialWindow;
    this.peer = readSettings(payload, this.peer);
    this.hasSettings = true;
    this.reply(settingsAck);
    const change = this.peer.initialWindow - before;
    if (change === 0) return;
    for (const open of [...this.streams.values()]) open.onWindow(change);
  }

  private onPriority({ stream, payload }: Frame): void {
    if (stream === 0) broken('a priority of no stream');
    // The only faults of a frame that is not regarded.
    if (payload.length !== priorityBytes) this.refuseStream(stream, errorCode.frameSize);
    else if (streamAt(payload, 0) === stream) this.refuseStream(stream, errorCode.protocol);
  }

  /** The stream of a frame, if it is open. @throws ConnectionFault where it never was */
  private known(id: number, what: string): Http2Stream | undefined {
    if (id === 0 || id > this.lastStream || id % 2 === 0)
      broken(`${what} of a stream that did not begin`);
    return this.streams.get(id);
  }

  private refuseStream(id: number, code: number): void {
    const open = this.streams.get(id);
    if (open === undefined) this.reply(numberFrame(frameType.reset, id, code));
    else open.reset(code);
    // A client learns only after its first requests how many there may be.
    if (code !== errorCode.refusedStream) this.strike();
    this.passOver({ id });
  }

  private refuseClosed(id: number): void {
    this.reply(numberFrame(frameType.reset, id, errorCode.streamClosed));
    this.strike();
  }

  /** Says what the other side asks for, unless it does not read it. */
  private reply(frame: Buffer): void {
    if (this.isClogged && ++this.unreadReplies > maxUnreadReplies) {
      throw new ConnectionFault(errorCode.enhanceYourCalm, 'replies that nobody reads');
    }
    this.write(frame);
  }

  private readonly onDrain = (): void => {
    this.unreadReplies = 0;
    this.flushBlocked();
  };

  private flushBlocked(): void {
    if (this.blocked.size === 0) return;
    const waiting = [...this.blocked];
    this.blocked.clear();
    for (const stream of waiting) stream.flush();
  }

  private fail(code: number): void {
    if (this.isOver) return;
    this.write(goAwayFrame(this.lastStream, code));
    this.finish();
    for (const stream of [...this.streams.values()]) stream.abandon();
  }

  /** Closes once everything is sent. */
  private finish(): void {
    this.isOver = true;
    this.socket.destroySoon();
  }

  private readonly onClose = (): void => {
    this.isOver = true;
    for (const stream of [...this.streams.values()]) stream.abandon();
    this.host.forget(this);
  };
}

function sized(payload: Buffer, length: number): void {
  if (payload.length !== length) {
    throw new ConnectionFault(errorCode.frameSize, `a frame of ${payload.length} bytes`);
  }
}

function ignore(): void {
  // The connection closes, which is where it is seen to.
}
