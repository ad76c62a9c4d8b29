import type { LivingRedis } from '../redis/living-redis';
import type { Seal } from './seal';
import type { CacheStore } from './store';

/** Answers in a Redis that servers share. While it is away there is no cache, and nobody waits for it. */
export class RedisStore implements CacheStore {
  readonly bytes = 0;

  /** @param failed - told of each read or write that came to nothing. */
  constructor(
    private readonly connection: LivingRedis,
    private readonly prefix: string,
    private readonly seal: Seal,
    private readonly failed: () => void,
  ) {}

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
    const { isThere, redis } = this.connection;
    if (!isThere) {
      this.failed();
      return;
    }
    redis.set(name, this.seal.close(name, frame), 'PX', keepMillis).catch((error: unknown) => {
      this.connection.missed(error);
      this.failed();
    });
  }

  close(): void {
    this.connection.close();
  }

  private nameOf(key: string): string {
    return `${this.prefix}:cache:${key}`;
  }

  /** @returns `null` where nothing is kept, `undefined` where Redis does not say. */
  private async read(name: string): Promise<Buffer | null | undefined> {
    const { isThere, redis } = this.connection;
    if (!isThere) return undefined;
    return redis.getBuffer(name).catch((error: unknown) => {
      this.connection.missed(error);
      return undefined;
    });
  }
}
