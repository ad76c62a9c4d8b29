import { on, once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { errorOf } from '../thread-failure';
import type { BatchThreadReply, BatchThreadTask } from './messages';
import type { Row } from './rows';

type ReadTask = Extract<BatchThreadTask, { kind: 'read' }>;
type WriteTask = Extract<BatchThreadTask, { kind: 'write' }>;

/** Some rows of a file, with how many of its bytes are read so far. */
export interface RowSlice {
  readonly rows: readonly Row[];
  readonly bytes: number;
}

/** Reads a batch file in a thread of its own, a slice ahead. The last slice may be empty. */
export async function* rowsApart(task: Omit<ReadTask, 'kind'>): AsyncGenerator<RowSlice> {
  const thread = start({ kind: 'read', ...task });
  try {
    for await (const [reply] of on(thread, 'message') as AsyncIterable<[BatchThreadReply]>) {
      if (reply.kind === 'failure') throw errorOf(reply.failure);
      if (reply.kind === 'end') {
        yield { rows: [], bytes: reply.bytes };
        return;
      }
      thread.postMessage('next');
      yield reply;
    }
  } finally {
    await thread.terminate();
  }
}

/** Makes an output file of what was spooled, in a thread of its own. */
export async function tableApart(task: Omit<WriteTask, 'kind'>): Promise<void> {
  const thread = start({ kind: 'write', ...task });
  try {
    const [reply] = (await once(thread, 'message')) as [BatchThreadReply];
    if (reply.kind === 'failure') throw errorOf(reply.failure);
  } finally {
    await thread.terminate();
  }
}

function start(task: BatchThreadTask): Worker {
  return new Worker(join(__dirname, 'batch-thread.js'), { workerData: task });
}
