import { type CacheConfig, cacheDefaults, metrics, redisDefaults } from '@manara/contract';
import { openRedis } from '../redis/open-redis';
import type { ServerLog } from '../telemetry/logger';
import type { ServerMetrics } from '../telemetry/metrics';
import { CacheKeys } from './key';
import { MemoryStore } from './memory-store';
import type { CachePolicies } from './policy';
import { RedisStore } from './redis-store';
import { ResponseCache } from './response-cache';
import { Seal } from './seal';
import { cacheSecrets, type CacheSecrets } from './secrets';
import type { CacheStore } from './store';

interface CacheSurroundings {
  readonly policies: CachePolicies;
  readonly metrics: ServerMetrics;
  readonly log: ServerLog;
}

/** @throws StartError where a file that the configuration names cannot be used. */
export async function openCache(
  config: CacheConfig,
  { policies, metrics: registry, log }: CacheSurroundings,
): Promise<ResponseCache> {
  const secrets = cacheSecrets(config.keyFile);
  const failures = registry.addCounter(metrics.cacheFailures);
  const failed = (): void => {
    failures.inc();
  };
  const store = await openStore(config, secrets, log, failed);
  const hits = registry.addCounter(metrics.cacheHits);
  const misses = registry.addCounter(metrics.cacheMisses);
  registry.addGauge(metrics.cacheBytes, () => store.bytes);
  return new ResponseCache({
    keys: new CacheKeys(secrets.hashKey, config.zone ?? cacheDefaults.zone),
    store,
    policies,
    maxEntryBytes: config.maxEntryBytes ?? cacheDefaults.maxEntryBytes,
    told: {
      hit: ({ model, version }) => {
        hits.inc({ model, version });
      },
      miss: ({ model, version }) => {
        misses.inc({ model, version });
      },
    },
  });
}

async function openStore(
  { redis, maxBytes = cacheDefaults.maxBytes }: CacheConfig,
  { sealKey }: CacheSecrets,
  log: ServerLog,
  failed: () => void,
): Promise<CacheStore> {
  if (redis === undefined) return new MemoryStore(maxBytes);
  const connection = await openRedis(redis, (isThere, reason) => {
    if (isThere) log.write('info', 'cache_back', 'the Redis of the cache answers');
    else log.write('warn', 'cache_away', `served without the cache: ${reason}`);
  });
  return new RedisStore(
    connection,
    redis.prefix ?? redisDefaults.prefix,
    new Seal(sealKey),
    failed,
  );
}
