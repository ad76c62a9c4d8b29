import type { Redis, RedisOptions } from 'ioredis';
import { Pulse } from '../../redis/pulse';
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
const timeoutMillis = 250;

type Scripted = Redis & {
  manaraTake(key: string, interval: number, size: number, cost: number): Promise<string>;
};

export interface RedisCounterOptions {
  readonly url: string;
  readonly prefix: string;
  /** @default - none */
  readonly password?: string | undefined;
  /** Told when counting goes over to this process, with the reason, and back. */
  readonly shared: (isShared: boolean, reason: string) => void;
}

/**
 * Buckets that replicas share. While Redis is away each counts for itself: callers then get up to as many
 * times their limit as there are replicas, and nobody is refused because a counter is gone.
 */
export class RedisCounter implements Counter {
  private readonly local = new LocalCounter();
  private readonly pulse: Pulse;
  private isShared: boolean | undefined;

  private constructor(
    private readonly redis: Scripted,
    private readonly options: RedisCounterOptions,
  ) {
    this.pulse = new Pulse(redis);
    redis.on('ready', () => {
      this.note(true, '');
    });
    redis.on('error', (error: Error) => {
      this.note(false, error.message);
    });
    redis.on('close', () => {
      this.note(false, 'the connection is closed');
    });
  }

  static async open(options: RedisCounterOptions): Promise<RedisCounter> {
    // Loaded only where it is used: it takes as long as a good part of start-up.
    const { Redis } = await import('ioredis');
    const settings: RedisOptions = {
      connectTimeout: 2_000,
      commandTimeout: timeoutMillis,
      // Requests wait for no connection: without one they are counted here.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(100 * times, 2_000),
      scripts: { manaraTake: { lua: script, numberOfKeys: 1 } },
      ...(options.password === undefined ? {} : { password: options.password }),
    };
    return new RedisCounter(new Redis(options.url, settings) as Scripted, options);
  }

  take(key: string, bucket: Bucket, cost: number): number | Promise<number> {
    if (!this.pulse.isThere) return this.local.take(key, bucket, cost);
    return this.redis
      .manaraTake(this.options.prefix + key, bucket.interval, bucket.size, cost)
      .then(
        (wait) => {
          this.note(true, '');
          return Number(wait);
        },
        (error: unknown) => {
          this.pulse.missed();
          this.note(false, error instanceof Error ? error.message : String(error));
          return this.local.take(key, bucket, cost);
        },
      );
  }

  close(): void {
    this.redis.disconnect();
  }

  private note(isShared: boolean, reason: string): void {
    if (this.isShared === isShared) return;
    this.isShared = isShared;
    this.options.shared(isShared, reason);
  }
}
