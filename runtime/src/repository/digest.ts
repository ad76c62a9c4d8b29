import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Bytes that are read at once. */
const chunkBytes = 1024 * 1024;

/**
 * Checks a file against the digest that the configuration lists.
 *
 * @param expected - SHA-256, hexadecimal, lower case.
 * @throws Error with both digests, or where the signal ends it.
 */
export async function checkDigest(
  file: string,
  expected: string,
  signal?: AbortSignal,
): Promise<void> {
  const received = await digestOf(file, signal);
  if (received !== expected) {
    throw new Error(`the file's SHA-256 is ${received}, the configuration lists ${expected}`);
  }
}

/** SHA-256 of a file, hexadecimal. @throws Error where the signal ends it */
export async function digestOf(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  // One buffer: a stream's would stay with the process, many megabytes of them for a large model.
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const handle = await open(file);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
