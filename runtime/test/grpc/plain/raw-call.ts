import {
  type ClientHttp2Session,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { setTimeout } from 'node:timers/promises';

/** What a call is sent as: frames of data, the last of which ends it. */
export interface RawCall {
  readonly headers?: OutgoingHttpHeaders;
  readonly chunks: readonly Buffer[];
  /** Whether the head already ends it. @default false */
  readonly endsAtOnce?: boolean;
}

/** What came back, of which what differs by nature, such as the date, is left out. */
export interface RawReply {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly body: Buffer;
  readonly rstCode: number;
}

export const inferPath = '/inference.GRPCInferenceService/ModelInfer';

/** A message as gRPC frames it. */
export function grpcFrame(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Sends each chunk as a frame of its own, with a turn of the event loop between them. */
export async function exchange(session: ClientHttp2Session, call: RawCall): Promise<RawReply> {
  const stream = session.request(
    {
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: inferPath,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      te: 'trailers',
      ...call.headers,
    },
    { endStream: call.endsAtOnce ?? false },
  );
  const body: Buffer[] = [];
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  stream.on('response', (received: IncomingHttpHeaders) => (headers = received));
  stream.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
  stream.on('data', (chunk: Buffer) => body.push(chunk));
  stream.on('error', () => undefined);
  const closed = new Promise<void>((resolve) =>
    stream.once('close', () => {
      resolve();
    }),
  );
  if (call.endsAtOnce !== true) {
    for (const chunk of call.chunks) {
      if (stream.destroyed) break;
      stream.write(chunk);
      await setTimeout(3);
    }
    stream.end();
  }
  await closed;
  delete headers.date;
  return { headers, trailers, body: Buffer.concat(body), rstCode: stream.rstCode };
}
