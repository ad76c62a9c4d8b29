import { constants } from 'node:http2';

/** Types of frames. Source: RFC 9113, section 6. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flag = {
  ack: constants.NGHTTP2_FLAG_ACK,
  endStream: constants.NGHTTP2_FLAG_END_STREAM,
  endHeaders: constants.NGHTTP2_FLAG_END_HEADERS,
  padded: constants.NGHTTP2_FLAG_PADDED,
  priority: constants.NGHTTP2_FLAG_PRIORITY,
} as const;

/** Bytes before the payload of a frame. */
export const headBytes = 9;

/** Greatest payload where nothing else was agreed on. We leave it so. */
export const defaultPayloadBytes = 16_384;

/** A frame that has come. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  /** 0 is the connection. */
  readonly stream: number;
  readonly payload: Buffer;
}

/** What a frame is told by before its payload. */
export interface FrameHead {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** @returns where the payload begins. */
export function writeFrameHead(
  to: Buffer,
  at: number,
  { length, type, flags, stream }: FrameHead,
): number {
  to[at] = length >>> 16;
  to[at + 1] = length >>> 8;
  to[at + 2] = length;
  to[at + 3] = type;
  to[at + 4] = flags;
  to[at + 5] = stream >>> 24;
  to[at + 6] = stream >>> 16;
  to[at + 7] = stream >>> 8;
  to[at + 8] = stream;
  return at + headBytes;
}

export function frameOf(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + payload.length);
  const { length } = payload;
  frame.set(payload, writeFrameHead(frame, 0, { length, type, flags, stream }));
  return frame;
}

/** A number of a stream; the bit before it is reserved. */
export function streamAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) & 0x7fffffff;
}

/** A frame whose payload is one number of 32 bits: of a reset, or of a window. */
export function numberFrame(type: number, stream: number, value: number): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + 4);
  frame.writeUInt32BE(value, writeFrameHead(frame, 0, { length: 4, type, flags: 0, stream }));
  return frame;
}

/** Tells that no stream after `lastStream` will be answered, and why. */
export function goAwayFrame(lastStream: number, code: number): Buffer {
  const payload = Buffer.allocUnsafe(8);
  payload.writeUInt32BE(lastStream, 0);
  payload.writeUInt32BE(code, 4);
  return frameOf(frameType.goAway, 0, 0, payload);
}
