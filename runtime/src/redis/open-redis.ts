import { readFileSync } from 'node:fs';
import type { RedisConfig } from '@manara/contract';
import type { RedisOptions } from 'ioredis';
import { ConfigurationError } from '../start-error';
import { LivingRedis, type RedisTold } from './living-redis';

export interface OpenRedisOptions extends Pick<RedisOptions, 'scripts'> {
  /**
   * Milliseconds that a command may take: more than a Redis of the same zone does.
   *
   * @default 100
   */
  readonly commandMillis?: number;
}

/**
 * A connection to a Redis that may go away and come back; commands fail at once while it is away.
 *
 * @throws ConfigurationError where the file with the password cannot be read.
 */
export async function openRedis(
  { url, username, passwordFile }: RedisConfig,
  told: RedisTold,
  { commandMillis = 100, scripts }: OpenRedisOptions = {},
): Promise<LivingRedis> {
  const password = passwordFile === undefined ? undefined : passwordIn(passwordFile);
  // Loaded only where it is used: it takes a good part of start-up.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(scripts === undefined ? {} : { scripts }),
    connectTimeout: 2000,
    commandTimeout: commandMillis,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(100 * tries, 2000),
  });
  return new LivingRedis(redis, told);
}

/** @throws ConfigurationError */
export function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `redis.passwordFile ${JSON.stringify(file)} cannot be read: ${code}`,
    );
  }
}
