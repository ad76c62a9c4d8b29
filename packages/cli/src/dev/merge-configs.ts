import { availableParallelism } from 'node:os';
import { type ServedModel, type ServerConfig, serverConfigSchema } from '@manara/contract';
import { CliError } from '../cli-error';
import type { SiteConfig } from './site-configs';

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/**
 * One configuration for one server out of several servers' own. Models are put side by side; one that
 * stands in several, the same each time, is one model. Each setting is the one that suits the most
 * demanding: the largest request, the longest drain, the most talkative log, the most threads that
 * this machine has cores for.
 *
 * @throws CliError naming every model that is not the same in all of them
 */
export function mergeConfigs(configs: readonly SiteConfig[]): ServerConfig {
  const all = configs.map(({ config }) => config);
  const cores = availableParallelism();
  return {
    maxRequestBytes: largest(all, 'maxRequestBytes'),
    workers: Math.min(cores, Math.max(...all.map((config) => config.workers ?? cores))),
    intraOpThreads: Math.min(cores, largest(all, 'intraOpThreads')),
    drainTimeoutSeconds: largest(all, 'drainTimeoutSeconds'),
    logLevel:
      logLevels[Math.max(...all.map(({ logLevel = 'info' }) => logLevels.indexOf(logLevel)))],
    models: mergeModels(configs),
  };
}

function largest(
  configs: readonly ServerConfig[],
  key: 'maxRequestBytes' | 'intraOpThreads' | 'drainTimeoutSeconds',
): number {
  const fallback = Number(serverConfigSchema.properties[key].default);
  return Math.max(...configs.map((config) => config[key] ?? fallback));
}

interface Sourced {
  readonly model: ServedModel;
  readonly source: string;
}

function mergeModels(configs: readonly SiteConfig[]): ServedModel[] {
  const merged = new Map<string, Sourced>();
  const collisions: string[] = [];
  for (const { source, config } of configs) {
    for (const model of config.models ?? []) {
      const present = merged.get(model.name);
      if (present === undefined) merged.set(model.name, { model, source });
      else if (identity(present.model) !== identity(model)) {
        collisions.push(
          `  - "${model.name}": ${present.source} has ${identity(present.model)}; ${source} has ${identity(model)}`,
        );
      }
    }
  }
  if (collisions.length > 0) {
    throw new CliError(
      `one server cannot serve two models of one name; choose a site with --site:\n${collisions.join('\n')}`,
    );
  }
  return [...merged.values()].map(({ model }) => model);
}

/** What makes two models the same to callers. Where the weights are read from does not. */
function identity({ defaultVersion, versions }: ServedModel): string {
  const listed = [...versions]
    .sort((a, b) => a.version - b.version)
    .map(({ version, sha256, explanation }) => {
      const beside = explanation ? `, explain.json ${explanation.sha256.slice(0, 12)}…` : '';
      return `version ${version} (sha256 ${sha256.slice(0, 12)}…${beside})`;
    });
  return `${listed.join(', ')}, default ${defaultVersion}`;
}
