import { metrics, redisDefaults, variantDefaults, type VariantsConfig } from '@manara/contract';
import { ConfigReload } from '../config-reload';
import { openRedis } from '../redis/open-redis';
import type { ServerLog } from '../telemetry/logger';
import type { ServerMetrics } from '../telemetry/metrics';
import { openSink } from './exposures/sink';
import { MemoryWindow, type PredictionWindow, RedisWindow } from './feedback/window';
import { type RoutedModels, VariantRouter } from './router';
import { saltOf } from './salt';
import { variantMetrics } from './variant-metrics';
import { Variants } from './variants';

interface VariantsSurroundings {
  readonly registry: ServerMetrics;
  readonly log: ServerLog;
  /** File whose `variants.models` is followed. @default - none */
  readonly configFile: string | undefined;
  /** Called when the file was taken anew. @default - nobody */
  readonly changed?: () => void;
}

export interface OpenVariants {
  readonly variants: Variants;
  close(): Promise<void>;
}

/** @throws StartError where a package or a file that the configuration names is missing. */
export async function openVariants(
  config: VariantsConfig,
  { registry, log, configFile, changed }: VariantsSurroundings,
): Promise<OpenVariants> {
  const { models, exposures = {} } = config;
  const salt = saltOf(config);
  const flags = await openFlags(config, log);
  const router = new VariantRouter({
    models,
    salt,
    flag: flags && ((question) => flags.variant(question)),
  });
  const counts = variantMetrics(registry);
  let wasTold = false;
  const sink = openSink(exposures, log, (count, reason) => {
    counts.dropped(count);
    if (!wasTold) log.write('warn', 'variant_events_dropped', `events are lost: ${reason}`);
    wasTold = true;
  });
  const variants = new Variants({
    router,
    sink,
    sample: exposures.sample ?? variantDefaults.sample,
    salt,
    window: await openWindow(config.feedback, log),
    metrics: counts,
  });
  registry.addGauges(metrics.variantSampleRatio, () =>
    [...variants.sampleRatios()].map(([model, value]) => ({ labels: { model }, value })),
  );
  const replace = (now: RoutedModels): void => {
    variants.replace(now);
    changed?.();
  };
  const seconds = config.reloadSeconds ?? variantDefaults.reloadSeconds;
  const reload =
    configFile === undefined
      ? undefined
      : new ConfigReload(
          configFile,
          seconds,
          {
            read: (now) => now.variants?.models ?? {},
            initial: models,
            take: replace,
            name: 'the variants',
            changed: 'variants_changed',
            refused: 'variants_refused',
          },
          log,
        );
  return {
    variants,
    close: async () => {
      reload?.stop();
      await flags?.close();
      await variants.close();
    },
  };
}

/** Loaded only where flags are used: OpenFeature and its providers take a part of start-up. */
async function openFlags({ flags }: VariantsConfig, log: ServerLog) {
  if (flags === undefined) return undefined;
  const { FlagSource } = await import('./flags/flag-source.js');
  const { openProvider } = await import('./flags/open-provider.js');
  return FlagSource.open(await openProvider(flags), flags, log);
}

async function openWindow(
  feedback: VariantsConfig['feedback'],
  log: ServerLog,
): Promise<PredictionWindow | undefined> {
  if (feedback === undefined) return undefined;
  const millis = (feedback.windowSeconds ?? variantDefaults.windowSeconds) * 1000;
  const { redis } = feedback;
  if (redis === undefined) {
    return new MemoryWindow(feedback.maxPredictions ?? variantDefaults.maxPredictions, millis);
  }
  const connection = await openRedis(redis, (isThere, reason) => {
    if (isThere) log.write('info', 'feedback_back', 'the Redis of feedback answers');
    else log.write('warn', 'feedback_away', `outcomes cannot be told: ${reason}`);
  });
  return new RedisWindow(connection, redis.prefix ?? redisDefaults.prefix, millis);
}
