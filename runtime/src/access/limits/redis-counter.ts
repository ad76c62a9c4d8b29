import { type RedisConfig, redisDefaults } from '@manara/contract';
import type { Redis } from 'ioredis';
import type { LivingRedis, RedisTold } from '../../redis/living-redis';
import { openRedis } from '../../redis/open-redis';
import type { Bucket } from './bucket';
import type { Counter } from './counter';
import { LocalCounter } from './local-counter';

/**
 * `take` of bucket.ts inside Redis, by its clock, so that replicas agree. KEYS: the bucket. ARGV: interval
 * and size of the bucket, cost. Answers the wait, as text: a number would lose its fraction.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local interval, size, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ahead = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or now) - now)
local wait = ahead + interval - size * interval
if wait > 0.0005 then return string.format('%.3f', wait) end
ahead = ahead + cost * interval
redis.call('SET', KEYS[1], string.format('%.3f', now + ahead), 'PX', math.ceil(ahead) + 1)
return '0'
`;

/** Longer than Redis in the same zone takes; beyond, requests are counted here until it answers again. */
const commandMillis = 250;

type Scripted = Redis & {
  manaraTake(key: string, interval: number, size: number, cost: number): Promise<string>;
};

/**
 * Buckets that replicas share. While Redis is away each counts for itself: callers then get up to as many
 * times their limit as there are replicas, and nobody is refused because a counter is gone.
 */
export class RedisCounter implements Counter {
  private readonly local = new LocalCounter();

  private constructor(
    private readonly connection: LivingRedis,
    private readonly prefix: string,
    private readonly note: RedisTold,
  ) {}

  /**
   * @param shared - told when counting goes over to this process, with the reason, and back.
   * @throws ConfigurationError where the file with the password cannot be read.
   */
  static async open(config: RedisConfig, shared: RedisTold): Promise<RedisCounter> {
    let wasShared: boolean | undefined;
    const note: RedisTold = (isShared, reason) => {
      if (wasShared === isShared) return;
      wasShared = isShared;
      shared(isShared, reason);
    };
    const scripts = { manaraTake: { lua: script, numberOfKeys: 1 } };
    const connection = await openRedis(config, note, { commandMillis, scripts });
    return new RedisCounter(connection, `${config.prefix ?? redisDefaults.prefix}:limit:`, note);
  }

  take(key: string, bucket: Bucket, cost: number): number | Promise<number> {
    const { isThere, redis } = this.connection;
    if (!isThere) return this.local.take(key, bucket, cost);
    return (redis as Scripted)
      .manaraTake(this.prefix + key, bucket.interval, bucket.size, cost)
      .then(
        (wait) => {
          this.note(true, '');
          return Number(wait);
        },
        (error: unknown) => {
          this.connection.missed(error);
          // Also where it answers, but refuses to count.
          this.note(false, error instanceof Error ? error.message : String(error));
          return this.local.take(key, bucket, cost);
        },
      );
  }

  close(): void {
    this.connection.close();
  }
}
