import { type JobsConfig, jobDefaults } from '@manara/contract';
import type { ServerContext } from './context';
import { InferExecutor } from './http/infer-job';
import { EmbeddedStore } from './jobs/embedded/embedded-store';
import { Jobs } from './jobs/jobs';
import { RedisStore } from './jobs/redis/redis-store';
import type { JobStore } from './jobs/store';
import { StartError } from './start-error';
import type { ServerLog } from './telemetry/logger';

/** @throws StartError where the store that the configuration names cannot be used. */
export async function openJobStore(config: JobsConfig, log: ServerLog): Promise<JobStore> {
  const { folder, redis, maxBytes = jobDefaults.maxBytes } = config;
  if (redis !== undefined) return new RedisStore(redis, maxBytes, log);
  if (folder === undefined) throw new StartError('jobs: expected folder or redis');
  return EmbeddedStore.open({ folder, maxBytes });
}

/** The jobs in a store, with what runs them. */
export function assembleJobs(
  store: JobStore,
  config: JobsConfig | undefined,
  context: Pick<ServerContext, 'pipeline' | 'observer' | 'log'>,
): Jobs {
  const infer = new InferExecutor(context);
  return new Jobs(store, { infer, batch: infer }, { ...jobDefaults, ...config }, context.log);
}
