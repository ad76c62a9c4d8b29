import type { Redis } from 'ioredis';
import { Pulse } from '../redis/pulse';
import type { Seal } from './seal';
import type { CacheStore } from './store';

/** Answers in a Redis that servers share. While it is away there is no cache, and nobody waits for it. */
export class RedisStore implements CacheStore {
  readonly bytes = 0;
  private readonly pulse: Pulse;

  /** @param failed - told of each read or write that came to nothing. */
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly seal: Seal,
    private readonly failed: () => void,
  ) {
    this.pulse = new Pulse(redis);
  }

  async get(key: string): Promise<Buffer | undefined> {
    const name = this.nameOf(key);
    const sealed = await this.read(name);
    if (sealed === null) return undefined;
    const frame = sealed && this.seal.open(name, sealed);
    if (frame === undefined) this.failed();
    return frame;
  }

  set(key: string, frame: Buffer, keepMillis: number): void {
    const name = this.nameOf(key);
    if (!this.pulse.isThere) {
      this.failed();
      return;
    }
    this.redis.set(name, this.seal.close(name, frame), 'PX', keepMillis).catch(() => {
      this.pulse.missed();
      this.failed();
    });
  }

  close(): void {
    this.redis.disconnect();
  }

  private nameOf(key: string): string {
    return `${this.prefix}:cache:${key}`;
  }

  /** @returns `null` where nothing is kept, `undefined` where Redis does not say. */
  private async read(name: string): Promise<Buffer | null | undefined> {
    if (!this.pulse.isThere) return undefined;
    return this.redis.getBuffer(name).catch(() => {
      this.pulse.missed();
      return undefined;
    });
  }
}
