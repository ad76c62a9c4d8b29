/** What precedes a message of gRPC: whether it is packed, and its length. */
const prefixBytes = 5;

/** A buffer for a message of so many bytes, behind its prefix, and where it begins. */
export function framed(length: number): { readonly buffer: Buffer; readonly at: number } {
  const buffer = Buffer.allocUnsafe(prefixBytes + length);
  buffer[0] = 0;
  buffer.writeUInt32BE(length, 1);
  return { buffer, at: prefixBytes };
}

/** A message, framed. */
export function frame(message: Uint8Array): Buffer {
  const { buffer, at } = framed(message.length);
  buffer.set(message, at);
  return buffer;
}

/**
 * The message in a chunk of a stream, if it is all that is in it, whole and not packed.
 *
 * @param maxBytes - of the message.
 */
export function onlyMessage(chunk: Buffer, maxBytes: number): Buffer | undefined {
  const length = chunk.length - prefixBytes;
  if (length < 0 || length > maxBytes || chunk[0] !== 0) return undefined;
  return chunk.readUInt32BE(1) === length ? chunk.subarray(prefixBytes) : undefined;
}
