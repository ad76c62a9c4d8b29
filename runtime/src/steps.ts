import { metrics as names, variantDefaults } from '@manara/contract';
import { CachePolicies } from './cache/policy';
import { openCache } from './cache/open-cache';
import { ConfigReload } from './config-reload';
import { Fallbacks } from './fallback/fallbacks';
import type { PipelineSteps } from './infer';
import { ofFallbacks } from './loose-ends/of-fallbacks';
import { ofVariants } from './loose-ends/of-variants';
import type { ResolvedOptions } from './options';
import type { RequestSignature } from './protocol/validate';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelConfig } from './repository/model-config';
import type { ModelRepository } from './repository/repository';
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
  /** @throws Error where a version and one that stands in for the other do not go together. */
  readonly check: (model: string, version: number, signature: RequestSignature) => void;
  /** Whether other servers have a model, and this one answers for them. */
  readonly isElsewhere: (model: string) => boolean;
  /** What variants and fallbacks name that is not there, a message each. */
  readonly looseEnds: () => readonly string[];
  /** Models that may answer in place of one; `undefined` where nothing may. */
  readonly standIns: (model: string) => readonly LoadedVersion[] | undefined;
  close(): Promise<void>;
}

export interface StepSurroundings {
  readonly metrics: ServerMetrics;
  readonly log: ServerLog;
  /** Asked once the server loads models and answers. */
  readonly repository: () => ModelRepository;
  /** Called when what is configured was taken anew. */
  readonly changed: () => void;
}

/** @throws StartError where a file that the configuration names cannot be used. */
export async function openSteps(
  options: ResolvedOptions,
  { metrics, log, repository, changed }: StepSurroundings,
): Promise<ServerSteps> {
  const policies = new CachePolicies(options.cache, (model) => staleMillis(options, model));
  const cache = await openCache(options.cache, { policies, metrics, log });
  const routed =
    options.variants &&
    (await openVariants(options.variants, {
      registry: metrics,
      log,
      configFile: options.configFile,
      changed,
    }));
  const variants = routed?.variants;
  const defaults = followDefaults(options, log, repository);
  const degraded = metrics.addCounter(names.degraded);
  const fallbacks = new Fallbacks(options.fallbacks, {
    find: (model, version) => repository().find(model, version),
    ready: (model) => repository().readyVersions(model),
    stale: (run, maxAgeMillis) => cache.stale(run, maxAgeMillis),
    degraded: ({ model, version = '' }, by) => {
      degraded.inc({ model, version, by });
    },
  });
  const steps = [fallbacks.step, cache.step];
  return {
    steps: variants === undefined ? steps : [variants.step, ...steps],
    check: (model, version, signature) => {
      fallbacks.check(model, version, signature);
    },
    variants,
    assign: variants && ((model, ready, terms) => variants.assign(model, ready, terms)),
    standIns: (model) => fallbacks.standIns(model),
    standIn: (model, caller) => fallbacks.standIn(model, caller),
    mayStandIn: (version) => fallbacks.covers(version.model) || cache.covers(version),
    isElsewhere: (model) =>
      Object.hasOwn(options.fallbacks, model) && options.fallbacks[model]?.elsewhere === true,
    isCached: (model, config) => policies.covers(model, config),
    looseEnds: () => [
      ...ofVariants(variants?.models ?? {}, repository()),
      ...ofFallbacks(options.fallbacks, repository()),
    ],
    close: async () => {
      cache.close();
      defaults?.stop();
      await routed?.close();
    },
  };
}

/** Which version answers where none is named is taken up from the file without a restart. */
function followDefaults(
  { configFile, models, variants }: ResolvedOptions,
  log: ServerLog,
  repository: () => ModelRepository,
): ConfigReload<Readonly<Record<string, number>>> | undefined {
  if (configFile === undefined || models === undefined) return undefined;
  const defaultsOf = (listed: typeof models): Readonly<Record<string, number>> =>
    Object.fromEntries(listed.map(({ name, defaultVersion }) => [name, defaultVersion]));
  return new ConfigReload(
    configFile,
    variants?.reloadSeconds ?? variantDefaults.reloadSeconds,
    {
      read: (config) => defaultsOf(config.models ?? []),
      initial: defaultsOf(models),
      take: (defaults) => {
        for (const [model, version] of Object.entries(defaults)) {
          repository().setDefaultVersion(model, version);
        }
      },
      name: 'default versions',
      changed: 'defaults_changed',
      refused: 'defaults_refused',
    },
    log,
  );
}

/** How long answers of a model are of use once they are not fresh: for fallbacks. */
function staleMillis({ fallbacks }: ResolvedOptions, model: string): number {
  const { chain = [] } = Object.hasOwn(fallbacks, model) ? (fallbacks[model] ?? {}) : {};
  return Math.max(0, ...chain.map(({ cachedSeconds = 0 }) => cachedSeconds * 1000));
}
