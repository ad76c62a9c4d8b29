import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/** Bytes that are read at once. */
const chunkBytes = 1024 * 1024;

/**
 * Checks a file against the digest that the configuration lists.
 *
 * @param expected - SHA-256, hexadecimal, lower case.
 * @throws Error with both digests, where the file cannot be read, or where the signal ends it.
 */
export async function checkDigest(
  file: string,
  expected: string,
  signal?: AbortSignal,
): Promise<void> {
  const received = await digestOf(file, signal).catch((error: unknown) => {
    // What cannot be read is named without its folder.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new Error(`${basename(file)} cannot be read: ${code ?? 'unknown error'}`, {
      cause: error,
    });
  });
  if (received !== expected) {
    throw new Error(
      `the SHA-256 of ${basename(file)} is ${received}, the configuration lists ${expected}`,
    );
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
