import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { errors, ServingError } from '../errors';
import type { Hold } from '../limits/byte-budget';

/** Largest element that a tensor can have, in bytes: what views must be aligned to. */
const alignment = 8;

/** Greatest size of a body, compressed and not. */
export interface BodyLimit {
  readonly bytes: number;
  /** Where the limit comes from, as the error tells it. */
  readonly whose: string;
}

/** What of a declared length must have come before memory is taken for all of it. */
const shareBelieved = 1 / 16;

/** Bytes for which a declared length is always believed. */
const alwaysBelieved = 64 * 1024;

export interface BodyOptions {
  readonly limit: BodyLimit;
  /** What the body is counted against for as long as its request lasts. */
  readonly held: Hold;
  /**
   * Offset that is to lie on an 8-byte boundary of the memory below, so that tensors which start there can
   * be used in place. @default 0
   */
  readonly alignAt?: number | undefined;
}

/**
 * Reads a request's body, uncompressed.
 *
 * @returns a buffer whose memory is not shared with any other.
 * @throws ServingError BODY_TOO_LARGE, BODIES_FULL, BODY_TRUNCATED, BODY_NOT_DECODABLE or
 *   CONTENT_ENCODING_UNSUPPORTED; what is left of the body is then unread.
 */
export async function readBody(
  request: IncomingMessage,
  options: BodyOptions,
): Promise<Buffer<ArrayBuffer>> {
  const { limit, held, alignAt = 0 } = options;
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = decoders.get(encoding);
  if (decoder === undefined && encoding !== 'identity') {
    throw errors.contentEncodingUnsupported(encoding);
  }
  const length = Number(request.headers['content-length'] ?? NaN);
  if (length > limit.bytes) throw errors.bodyTooLarge(limit.bytes, limit.whose);
  if (decoder === undefined) return receive(request, length, { limit, held, alignAt });
  const packed = await receive(request, length, { limit, held, alignAt: 0 });
  const chunks = await unpack(decoder(), encoding, packed, { limit, held });
  return joined(chunks, alignAt);
}

/** Memory of its own whose byte `alignAt` lies on an 8-byte boundary. */
export function allocateAligned(size: number, alignAt: number): Buffer<ArrayBuffer> {
  const padding = (alignment - (alignAt % alignment)) % alignment;
  return Buffer.allocUnsafeSlow(size + padding).subarray(padding);
}

function receive(
  request: IncomingMessage,
  length: number,
  { limit, held, alignAt }: Required<BodyOptions>,
): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let body: Buffer<ArrayBuffer> | undefined;
    let received = 0;
    const believed = Math.max(alwaysBelieved, length * shareBelieved);
    request.on('data', (chunk: Buffer) => {
      try {
        if (received + chunk.byteLength > limit.bytes) {
          throw errors.bodyTooLarge(limit.bytes, limit.whose);
        }
        if (body === undefined) held.take(chunk.byteLength);
        received += chunk.byteLength;
        if (body === undefined && (received >= believed || length <= alwaysBelieved)) {
          held.take(length - received);
          body = allocateAligned(length, alignAt);
          copyAll(chunks, body);
          chunks = [];
        }
        if (body === undefined) chunks.push(chunk);
        else chunk.copy(body, received - chunk.byteLength);
      } catch (error) {
        stop(error as Error);
      }
    });
    request.once('end', () => {
      resolve(body ?? joined(chunks, alignAt));
    });
    request.once('error', () => {
      stop(errors.bodyTruncated());
    });
    request.once('close', () => {
      // Follows the end of every request; building an error costs as much as parsing a small body.
      if (!request.complete) stop(errors.bodyTruncated());
    });

    function stop(error: Error): void {
      chunks = [];
      request.removeAllListeners('data');
      request.pause();
      reject(error);
    }
  });
}

function joined(chunks: readonly Buffer[], alignAt: number): Buffer<ArrayBuffer> {
  let size = 0;
  for (const { byteLength } of chunks) size += byteLength;
  const body = allocateAligned(size, alignAt);
  copyAll(chunks, body);
  return body;
}

function copyAll(chunks: readonly Buffer[], to: Buffer): void {
  let offset = 0;
  for (const chunk of chunks) offset += chunk.copy(to, offset);
}

/** Bytes that are unpacked at a time. */
const unpackedAtOnce = 64 * 1024;

const decoders = new Map<string, () => Transform>([
  ['gzip', () => createGunzip({ chunkSize: unpackedAtOnce })],
  ['deflate', () => createInflate({ chunkSize: unpackedAtOnce })],
]);

/** Counts what comes out as it comes: how much it will be is known to the sender alone. */
async function unpack(
  decoder: Transform,
  encoding: string,
  packed: Buffer,
  { limit, held }: Pick<BodyOptions, 'limit' | 'held'>,
): Promise<readonly Buffer[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  decoder.end(packed);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit.bytes) throw errors.bodyTooLarge(limit.bytes, limit.whose);
      held.take(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ServingError) throw error;
    throw errors.bodyNotDecodable(encoding);
  }
  return chunks;
}
