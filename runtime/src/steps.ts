import { CachePolicies } from './cache/policy';
import { openCache } from './cache/open-cache';
import type { PipelineSteps } from './infer';
import type { ResolvedOptions } from './options';
import type { ModelConfig } from './repository/model-config';
import type { ServerLog } from './telemetry/logger';
import type { ServerMetrics } from './telemetry/metrics';
import { openVariants } from './variants/open-variants';
import type { Variants } from './variants/variants';

/** The steps around the engine, with what they hold open. */
export interface ServerSteps extends PipelineSteps {
  /** @default - no model has variants */
  readonly variants: Variants | undefined;
  /** Whether a model's answers are cached. */
  readonly isCached: (model: string, config: ModelConfig) => boolean;
  close(): Promise<void>;
}

/** @throws StartError where a file that the configuration names cannot be used. */
export async function openSteps(
  options: ResolvedOptions,
  metrics: ServerMetrics,
  log: ServerLog,
): Promise<ServerSteps> {
  const policies = new CachePolicies(options.cache, () => 0);
  const cache = await openCache(options.cache, { policies, metrics, log });
  const routed =
    options.variants &&
    (await openVariants(options.variants, {
      registry: metrics,
      log,
      configFile: options.configFile,
    }));
  const variants = routed?.variants;
  return {
    steps: variants === undefined ? [cache.step] : [variants.step, cache.step],
    variants,
    assign: variants && ((model, ready, terms) => variants.assign(model, ready, terms)),
    mayStandIn: (version) => cache.covers(version),
    isCached: (model, config) => policies.covers(model, config),
    close: async () => {
      cache.close();
      await routed?.close();
    },
  };
}
