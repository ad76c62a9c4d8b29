/**
 * The part of HTTP/2 (RFC 9113) and HPACK (RFC 7541) that a gRPC client needs to send the same call
 * again and again: a whole client would take more of the machine's cores than the servers it measures.
 */
export const frameType = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
} as const;

const flag = { endStream: 1, ack: 1, endHeaders: 4 } as const;
const headBytes = 9;
const windowUpdate = 8;
const initialWindowSetting = 4;
const largestWindow = 2 ** 31 - 1;
const defaultWindow = 65_535;

export interface Frame {
  readonly type: number;
  readonly endsStream: boolean;
  readonly acknowledges: boolean;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Frames at the start of a buffer that have arrived whole, and the bytes after them. */
export function readFrames(buffer: Buffer): { readonly frames: Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  while (buffer.length - at >= headBytes) {
    const end = at + headBytes + buffer.readUIntBE(at, 3);
    if (end > buffer.length) break;
    const [type = 0, flags = 0] = buffer.subarray(at + 3, at + 5);
    frames.push({
      type,
      endsStream:
        (type === frameType.data || type === frameType.headers) && (flags & flag.endStream) !== 0,
      acknowledges: (flags & flag.ack) !== 0,
      stream: buffer.readUInt32BE(at + 5) & 0x7fffffff,
      payload: buffer.subarray(at + headBytes, end),
    });
    at = end;
  }
  return { frames, rest: buffer.subarray(at) };
}

/** What a client says first. Windows are opened as wide as they go, so that they need no care later. */
export function opening(): Buffer {
  const setting = Buffer.alloc(6);
  setting.writeUInt16BE(initialWindowSetting, 0);
  setting.writeUInt32BE(largestWindow, 2);
  const grown = Buffer.alloc(4);
  grown.writeUInt32BE(largestWindow - defaultWindow);
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame(frameType.settings, 0, 0, setting),
    frame(windowUpdate, 0, 0, grown),
  ]);
}

export const settingsAck = frame(frameType.settings, flag.ack, 0, Buffer.alloc(0));

export function pingAck(payload: Buffer): Buffer {
  return frame(frameType.ping, flag.ack, 0, payload);
}

/** A unary call: HEADERS and DATA of stream 1. `onStream` makes it another's. */
export function unaryCall(path: string, authority: string, message: Buffer): Buffer {
  const fields = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', path],
    [':authority', authority],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
  ].map(([name = '', value = '']) => literal(name, value));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([
    frame(frameType.headers, flag.endHeaders, 1, Buffer.concat(fields)),
    frame(frameType.data, flag.endStream, 1, Buffer.concat([prefix, message])),
  ]);
}

/** Copies a call of `unaryCall` for another stream. */
export function onStream(call: Buffer, stream: number): Buffer {
  const copy = Buffer.from(call);
  const data = headBytes + copy.readUIntBE(0, 3);
  copy.writeUInt32BE(stream, 5);
  copy.writeUInt32BE(stream, data + 5);
  return copy;
}

/** A header without an index and without Huffman coding, so that neither side keeps state. */
function literal(name: string, value: string): Buffer {
  const text = (it: string) => {
    if (it.length > 126) throw new Error(`header text of ${it.length} bytes; at most 126: ${it}`);
    return Buffer.concat([Buffer.from([it.length]), Buffer.from(it, 'latin1')]);
  };
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
