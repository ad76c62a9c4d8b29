import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { errors } from '../errors';

/** Largest element that a tensor can have, in bytes: what views must be aligned to. */
const alignment = 8;

/** Greatest size of a body, compressed and not. */
export interface BodyLimit {
  readonly bytes: number;
  /** Where the limit comes from, as the error tells it. */
  readonly whose: string;
}

/**
 * Reads a request's body, uncompressed.
 *
 * @param alignAt - offset that is to lie on an 8-byte boundary of the memory below, so that tensors
 *   which start there can be used in place.
 * @returns a buffer whose memory is not shared with any other.
 * @throws ServingError BODY_TOO_LARGE, BODY_TRUNCATED, BODY_NOT_DECODABLE or
 *   CONTENT_ENCODING_UNSUPPORTED; what is left of the body is then unread.
 */
export async function readBody(
  request: IncomingMessage,
  limit: BodyLimit,
  alignAt = 0,
): Promise<Buffer<ArrayBuffer>> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decode = decoders.get(encoding);
  if (decode === undefined && encoding !== 'identity') {
    throw errors.contentEncodingUnsupported(encoding);
  }
  const length = Number(request.headers['content-length'] ?? NaN);
  if (length > limit.bytes) throw errors.bodyTooLarge(limit.bytes, limit.whose);
  if (decode === undefined) return receive(request, limit, length, alignAt);
  const plain = await decodeBounded(
    decode,
    encoding,
    await receive(request, limit, length, 0),
    limit,
  );
  const body = allocateAligned(plain.byteLength, alignAt);
  plain.copy(body);
  return body;
}

/** Memory of its own whose byte `alignAt` lies on an 8-byte boundary. */
export function allocateAligned(size: number, alignAt: number): Buffer<ArrayBuffer> {
  const padding = (alignment - (alignAt % alignment)) % alignment;
  return Buffer.allocUnsafeSlow(size + padding).subarray(padding);
}

function receive(
  request: IncomingMessage,
  limit: BodyLimit,
  length: number,
  alignAt: number,
): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const known = Number.isNaN(length) ? undefined : allocateAligned(length, alignAt);
    const chunks: Buffer[] = [];
    let received = 0;
    request.on('data', (chunk: Buffer) => {
      if (received + chunk.byteLength > limit.bytes) {
        stop(errors.bodyTooLarge(limit.bytes, limit.whose));
        return;
      }
      if (known === undefined) chunks.push(chunk);
      else chunk.copy(known, received);
      received += chunk.byteLength;
    });
    request.once('end', () => {
      resolve(known ?? joined(chunks, received, alignAt));
    });
    request.once('error', () => {
      stop(errors.bodyTruncated());
    });
    request.once('close', () => {
      // Follows the end of every request; building an error costs as much as parsing a small body.
      if (!request.complete) stop(errors.bodyTruncated());
    });

    function stop(error: Error): void {
      request.removeAllListeners('data');
      request.pause();
      reject(error);
    }
  });
}

function joined(chunks: readonly Buffer[], size: number, alignAt: number): Buffer<ArrayBuffer> {
  const body = allocateAligned(size, alignAt);
  let offset = 0;
  for (const chunk of chunks) offset += chunk.copy(body, offset);
  return body;
}

type Decoder = (data: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const decoders = new Map<string, Decoder>([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
]);

async function decodeBounded(
  decode: Decoder,
  encoding: string,
  data: Buffer,
  limit: BodyLimit,
): Promise<Buffer> {
  try {
    return await decode(data, { maxOutputLength: limit.bytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw errors.bodyTooLarge(limit.bytes, limit.whose);
    throw errors.bodyNotDecodable(encoding);
  }
}
