import { hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartError } from '../start-error';

/** Fewer could be guessed. */
const leastBytes = 32;

export interface CacheSecrets {
  /** Of the hashes that answers are found by. */
  readonly hashKey: Buffer;
  /** That answers are sealed with. */
  readonly sealKey: Buffer;
}

/**
 * The keys that come from one secret, each of no use for the other's work.
 *
 * @param file - holds the secret. @default - a secret of this process, gone with it
 * @throws StartError where the file cannot be read, or is too short.
 */
export function cacheSecrets(file?: string): CacheSecrets {
  const secret = file === undefined ? randomBytes(leastBytes) : secretIn(file);
  const derive = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `manara cache ${use}`, 32));
  return { hashKey: derive('hash'), sealKey: derive('seal') };
}

function secretIn(file: string): Buffer {
  const name = `cache.keyFile ${JSON.stringify(file)}`;
  let secret: Buffer;
  try {
    secret = readFileSync(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new StartError(`${name} cannot be read: ${code}`);
  }
  if (secret.byteLength >= leastBytes) return secret;
  throw new StartError(
    `${name} holds ${secret.byteLength} bytes; expected ${leastBytes} or more, as "openssl rand -out FILE 32" makes them`,
  );
}
