import { type CacheConfig, cacheDefaults } from '@manara/contract';
import type { LoadedVersion } from '../repository/loaded-version';
import type { ModelConfig } from '../repository/model-config';

/** How a model's answers are kept. */
export interface CachePolicy {
  /** Milliseconds that an answer is fresh for. */
  readonly freshMillis: number;
  /** Milliseconds that it is kept for: past `freshMillis`, for fallbacks only. */
  readonly keepMillis: number;
  /** What Cache-Control says of it. */
  readonly visibility: 'private' | 'public';
}

/** Which models are cached, and how: by the server's configuration, or by their own `response_cache`. */
export class CachePolicies {
  private readonly known = new WeakMap<LoadedVersion, CachePolicy>();

  /** @param staleMillis - milliseconds that a model's answers are of use for once they are not fresh. */
  constructor(
    private readonly config: CacheConfig,
    private readonly staleMillis: (model: string) => number,
  ) {}

  covers(model: string, { responseCache }: Pick<ModelConfig, 'responseCache'>): boolean {
    return responseCache || Object.hasOwn(this.config.models ?? {}, model);
  }

  of(version: LoadedVersion): CachePolicy | undefined {
    if (version.digest === undefined) return undefined;
    let policy = this.known.get(version);
    if (policy === undefined) {
      policy = this.read(version.model);
      this.known.set(version, policy);
    }
    return policy;
  }

  private read(model: string): CachePolicy {
    const { ttlSeconds = cacheDefaults.ttlSeconds, models = {} } = this.config;
    const own = Object.hasOwn(models, model) ? models[model] : undefined;
    const freshMillis = (own?.ttlSeconds ?? ttlSeconds) * 1000;
    return {
      freshMillis,
      keepMillis: Math.max(freshMillis, this.staleMillis(model)),
      visibility: own?.visibility ?? 'private',
    };
  }
}
