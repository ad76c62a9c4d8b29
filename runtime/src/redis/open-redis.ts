import { readFileSync } from 'node:fs';
import type { ServerConfig } from '@manara/contract';
import type { Redis } from 'ioredis';
import { StartError } from '../start-error';

export type RedisConfig = NonNullable<NonNullable<ServerConfig['cache']>['redis']>;

/** Longer than a Redis of the same zone takes to answer; nothing that a caller waits for waits longer. */
const commandMillis = 100;

/**
 * A connection to a Redis that may go away and come back; commands fail at once while it is away.
 *
 * @param told - called when it goes away, with the reason, and when it is back.
 * @throws StartError where the file with the password cannot be read.
 */
export async function openRedis(
  { url, username, passwordFile }: RedisConfig,
  told: (isThere: boolean, reason: string) => void,
): Promise<Redis> {
  // Loaded only where it is used: it takes a good part of start-up.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { password: passwordIn(passwordFile) }),
    connectTimeout: 2000,
    commandTimeout: commandMillis,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(100 * tries, 2000),
  });
  let isThere: boolean | undefined;
  const note = (now: boolean, reason: string): void => {
    if (isThere === now) return;
    isThere = now;
    told(now, reason);
  };
  redis.on('ready', () => {
    note(true, '');
  });
  redis.on('error', (error: Error) => {
    note(false, error.message);
  });
  redis.on('close', () => {
    note(false, 'the connection is closed');
  });
  return redis;
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new StartError(`redis.passwordFile ${JSON.stringify(file)} cannot be read: ${code}`);
  }
}
