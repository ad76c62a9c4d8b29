import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { errors } from '../../errors';
import type { LivingRedis } from '../../redis/living-redis';

/** A prediction whose outcome may be told. */
export interface Prediction {
  readonly version: number;
  readonly variant: string;
  readonly unit: string | undefined;
  /** What was predicted, to be compared with the outcome. @default - it cannot be compared */
  readonly value: string | undefined;
}

/** The predictions of the last while, each to be taken once. */
export interface PredictionWindow {
  remember(key: string, prediction: Prediction): void;
  /** @throws ServingError FEEDBACK_STORE_AWAY */
  take(key: string): Prediction | undefined | Promise<Prediction | undefined>;
  close(): void;
}

/** Name of a prediction: only who made a request can tell what became of it. */
export function predictionKey(model: string, caller: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([model, caller, id]))
    .digest('base64url');
}

/** In this process: only its own predictions are known to it. */
export class MemoryWindow implements PredictionWindow {
  private readonly predictions: LRUCache<string, Prediction>;

  constructor(max: number, millis: number) {
    this.predictions = new LRUCache({ max, ttl: millis });
  }

  remember(key: string, prediction: Prediction): void {
    this.predictions.set(key, prediction);
  }

  take(key: string): Prediction | undefined {
    const prediction = this.predictions.get(key);
    this.predictions.delete(key);
    return prediction;
  }

  close(): void {
    this.predictions.clear();
  }
}

/** In a Redis that replicas share: an outcome may be told to any of them. */
export class RedisWindow implements PredictionWindow {
  constructor(
    private readonly connection: LivingRedis,
    private readonly prefix: string,
    private readonly millis: number,
  ) {}

  remember(key: string, prediction: Prediction): void {
    const { isThere, redis } = this.connection;
    if (!isThere) return;
    redis
      .set(this.nameOf(key), JSON.stringify(prediction), 'PX', this.millis)
      .catch((error: unknown) => {
        this.connection.missed(error);
      });
  }

  async take(key: string): Promise<Prediction | undefined> {
    const { isThere, redis } = this.connection;
    if (!isThere) throw errors.feedbackStoreAway('it is away, or hangs');
    try {
      const text = await redis.getdel(this.nameOf(key));
      return text === null ? undefined : (JSON.parse(text) as Prediction);
    } catch (error) {
      this.connection.missed(error);
      throw errors.feedbackStoreAway(error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.connection.close();
  }

  private nameOf(key: string): string {
    return `${this.prefix}:prediction:${key}`;
  }
}
