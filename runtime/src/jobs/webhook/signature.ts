import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { StartError } from '../../start-error';

/**
 * The signing secrets in files, as they are now: one that replaces another is taken up without a restart.
 *
 * @throws StartError where a file cannot be read or holds no secret.
 */
export function readSecrets(files: readonly string[]): readonly Buffer[] {
  return files.map((file) => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8').trim();
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      throw new StartError(`the webhook secret ${file} cannot be read: ${code}`);
    }
    const secret = Buffer.from(text.replace(/^whsec_/, ''), 'base64');
    if (secret.length >= 24 && secret.length <= 64) return secret;
    throw new StartError(
      `the webhook secret ${file}: expected base64 of 24 to 64 bytes, received ${secret.length} bytes; make one with "openssl rand -base64 32"`,
    );
  });
}

/**
 * Headers that let a receiver know who sent an event, and that it was sent just now. One signature for
 * each secret, so that the receiver may hold the old or the new one.
 * Source: Standard Webhooks 1.0.0, "Signature scheme"; read 2026-11.
 *
 * @param seconds - time of sending since 1970.
 */
export function signedHeaders(
  id: string,
  seconds: number,
  body: string,
  secrets: readonly Buffer[],
): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => {
    const hmac = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`);
    return `v1,${hmac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  };
}
