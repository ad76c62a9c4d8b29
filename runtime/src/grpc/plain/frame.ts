/** What precedes a message of gRPC: whether it is packed, and its length. */
export const prefixBytes = 5;

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
