import { isOver } from '../job';
import type { JobStore } from '../store';
import type { BatchTask } from './executor';
import type { BatchFiles } from './files';

/** Milliseconds after which another server's file that no job names is taken for lost. */
const sharedMillis = 3_600_000;

/**
 * Removes the files that no job needs, as a server that was lost leaves them.
 *
 * @param isShared - whether other servers use the folder at the same time.
 */
export async function removeLostFiles(
  files: BatchFiles,
  store: Pick<JobStore, 'get'>,
  isShared: boolean,
): Promise<void> {
  const isNeeded = async (id: string, name: string): Promise<boolean> => {
    const job = await store.get(id);
    if (job === undefined) return false;
    if (name.endsWith('.out')) return job.state !== 'expired';
    if (isOver(job.state)) return false;
    const { input } = job.request.options as BatchTask;
    return !name.endsWith('.in') || ('upload' in input && input.upload === name);
  };
  // A store that is away is no reason not to serve: the next start looks again.
  await files.removeLost(isNeeded, isShared ? sharedMillis : 0).catch(() => undefined);
}
