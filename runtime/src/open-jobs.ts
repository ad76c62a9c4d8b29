import { join } from 'node:path';
import { type JobsConfig, jobDefaults } from '@manara/contract';
import type { ServerContext } from './context';
import { errors } from './errors';
import { InferExecutor } from './http/infer-executor';
import { BatchExecutor } from './jobs/batch/executor';
import { BatchFiles, type BatchPlaces } from './jobs/batch/files';
import { BatchFolders } from './jobs/batch/folders';
import { removeLostFiles } from './jobs/batch/lost-files';
import { EmbeddedStore } from './jobs/embedded/embedded-store';
import { Jobs } from './jobs/jobs';
import { orderersUnder } from './jobs/orderer';
import { RedisStore } from './jobs/redis/redis-store';
import type { JobExecutor } from './jobs/runner';
import type { JobStore } from './jobs/store';
import type { ResolvedOptions } from './options';
import { StartError } from './start-error';
import type { ServerLog } from './telemetry/logger';

/** @throws StartError where the store that the configuration names cannot be used. */
export async function openJobStore(config: JobsConfig, log: ServerLog): Promise<JobStore> {
  const { folder, redis, maxBytes = jobDefaults.maxBytes } = config;
  if (redis !== undefined) return new RedisStore(redis, maxBytes, log);
  if (folder === undefined) throw new StartError('jobs: expected folder or redis');
  return EmbeddedStore.open({ folder, maxBytes });
}

/**
 * The places of batch jobs, where a folder is configured.
 *
 * @param perCaller - whether callers are told apart, and so have folders of their own.
 */
export function batchPlaces(
  config: JobsConfig | undefined,
  perCaller: boolean,
): BatchPlaces | undefined {
  if (config?.folder === undefined) return undefined;
  const maxBytes = config.maxBytes ?? jobDefaults.maxBytes;
  const files = new BatchFiles(join(config.folder, 'files'), maxBytes);
  return { files, folders: new BatchFolders(config.files ?? {}, perCaller) };
}

/** The jobs in a store, with what runs them. */
export function assembleJobs(
  store: JobStore,
  { jobs: config, access }: Pick<ResolvedOptions, 'jobs' | 'access'>,
  context: Pick<ServerContext, 'gate' | 'pipeline' | 'observer' | 'log' | 'batches'>,
): Jobs {
  const infer = new InferExecutor(context);
  const { batches, log } = context;
  const batch = batches === undefined ? noBatches : new BatchExecutor(context, batches);
  if (batches !== undefined) {
    void removeLostFiles(batches.files, store, config?.redis !== undefined);
  }
  const settings = { ...jobDefaults, ...config, ordererOf: orderersUnder(access) };
  return new Jobs(store, { infer, batch }, settings, log);
}

/** A batch that another server accepted, which has a folder for it. */
const noBatches: JobExecutor = {
  isResumable: true,
  run: () => Promise.reject(errors.jobsOff('a batch')),
  release: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
