import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameReader } from '../../src/http2/frame-reader';
import { flag, type Frame, frameOf, frameType } from '../../src/http2/frames';
import { encodeFields } from '../../src/http2/hpack/encode';
import type { Field } from '../../src/http2/hpack/static-table';
import { until } from './until';

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const noSettings = frameOf(frameType.settings, 0, 0, Buffer.alloc(0));
const settingsAck = frameOf(frameType.settings, flag.ack, 0, Buffer.alloc(0));

/** A head of a request, encoded without regard to what was said before. */
export function headOf(path: string, ...more: readonly Field[]): Buffer {
  return encodeFields([[':method', 'POST'], [':scheme', 'http'], [':path', path], ...more]);
}

/** @param endsStream - @default false */
export function headersFrame(stream: number, head: Buffer, endsStream = false): Buffer {
  const flags = flag.endHeaders | (endsStream ? flag.endStream : 0);
  return frameOf(frameType.headers, flags, stream, head);
}

/** @param endsStream - @default true */
export function dataFrame(stream: number, body: Uint8Array, endsStream = true): Buffer {
  return frameOf(frameType.data, endsStream ? flag.endStream : 0, stream, body);
}

/** The payload of a frame of settings with one of them. */
export function setting(id: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id, 0);
  payload.writeUInt32BE(value, 2);
  return frameOf(frameType.settings, 0, 0, payload);
}

/** A client of HTTP/2 that says what its owner writes, frame by frame, and keeps what comes back. */
export class RawHttp2 {
  readonly frames: Frame[] = [];
  isClosed = false;
  private readonly socket: Socket;
  private readonly reader = new FrameReader((frame) => {
    this.frames.push({ ...frame, payload: Buffer.from(frame.payload) });
    if (frame.type === frameType.settings && frame.flags === 0) this.socket.write(settingsAck);
  });

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.reader.read(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.isClosed = true));
  }

  /** @param opening - @default - the preface and settings that change nothing */
  static async connect(
    port: number,
    opening: Buffer = Buffer.concat([preface, noSettings]),
  ): Promise<RawHttp2> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const client = new RawHttp2(socket);
    client.send(opening);
    return client;
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The first frame of a type, once it is there. */
  async frame(type: number, stream = 0): Promise<Frame> {
    const find = (): Frame | undefined =>
      this.frames.find((frame) => frame.type === type && frame.stream === stream);
    await until(() => find() !== undefined);
    return find()!;
  }

  /** All of the body of a stream that has come so far. */
  body(stream: number): Buffer {
    const parts = this.frames.filter((one) => one.type === frameType.data && one.stream === stream);
    return Buffer.concat(parts.map(({ payload }) => payload));
  }

  /** Whether a stream has ended in order. */
  hasEnded(stream: number): boolean {
    return this.frames.some(
      ({ type, stream: of, flags }) =>
        of === stream &&
        (type === frameType.headers || type === frameType.data) &&
        (flags & flag.endStream) !== 0,
    );
  }

  /** The error code that the connection, or a stream, was ended with. */
  async errorCode(stream = 0): Promise<number> {
    if (stream === 0) return (await this.frame(frameType.goAway)).payload.readUInt32BE(4);
    return (await this.frame(frameType.reset, stream)).payload.readUInt32BE(0);
  }

  /** Reads nothing from here on. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  leave(): void {
    this.socket.destroy();
  }
}
