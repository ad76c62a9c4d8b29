import { type JobsConfig, jobDefaults } from '@manara/contract';
import type { ServerContext } from './context';
import { InferExecutor } from './http/infer-job';
import { EmbeddedStore } from './jobs/embedded/embedded-store';
import { Jobs } from './jobs/jobs';
import type { JobStore } from './jobs/store';
import { StartError } from './start-error';

/** @throws StartError where the store that the configuration names cannot be used. */
export async function openJobStore({ folder, maxBytes }: JobsConfig): Promise<JobStore> {
  if (folder === undefined) throw new StartError('no folder for jobs');
  return EmbeddedStore.open({ folder, maxBytes: maxBytes ?? jobDefaults.maxBytes });
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
