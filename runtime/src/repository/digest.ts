import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

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
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, signal === undefined ? {} : { signal });
  const received = hash.digest('hex');
  if (received !== expected) {
    throw new Error(`the file's SHA-256 is ${received}, the configuration lists ${expected}`);
  }
}
