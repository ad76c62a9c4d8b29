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
  const received = await digestOf(file, signal);
  if (received !== expected) {
    throw new Error(`the file's SHA-256 is ${received}, the configuration lists ${expected}`);
  }
}

/** SHA-256 of a file, hexadecimal. @throws Error where the signal ends it */
export async function digestOf(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, signal === undefined ? {} : { signal });
  return hash.digest('hex');
}
