import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { errors } from '../../errors';
import { errorOf } from '../thread-failure';
import { heapMebibytes, processMebibytes, stalledSeconds } from './limits';
import type { ApartReply, ApartTask } from './messages';
import type { Row } from './rows';

type ReadTask = Extract<ApartTask, { kind: 'read' }>;
type WriteTask = Extract<ApartTask, { kind: 'write' }>;

/** Some rows of a file, with how many of its bytes are read so far. */
export interface RowSlice {
  readonly rows: readonly Row[];
  readonly bytes: number;
}

/**
 * Reads a batch file in a process of its own, a slice ahead. The last slice may be empty.
 *
 * @param left - aborted where the rows are not wanted any more.
 * @throws ServingError BATCH_FILE, REQUEST_CANCELED
 */
export async function* rowsApart(
  task: Omit<ReadTask, 'kind'>,
  left: AbortSignal,
): AsyncGenerator<RowSlice> {
  const { child, replies } = start({ kind: 'read', ...task }, left);
  try {
    for await (const reply of replies) {
      if (reply.kind === 'end') {
        yield { rows: [], bytes: reply.bytes };
        return;
      }
      if (reply.kind === 'failure') throw errorOf(reply.failure);
      tell(child, 'next');
      yield reply;
    }
  } finally {
    await end(child);
  }
}

/**
 * Makes an output file of what was spooled, in a process of its own.
 *
 * @throws ServingError BATCH_FILE, REQUEST_CANCELED
 */
export async function tableApart(task: Omit<WriteTask, 'kind'>, left: AbortSignal): Promise<void> {
  const { child, replies } = start({ kind: 'write', ...task }, left);
  try {
    for await (const reply of replies) {
      if (reply.kind === 'failure') throw errorOf(reply.failure);
      return;
    }
  } finally {
    await end(child);
  }
}

interface Apart {
  readonly child: ChildProcess;
  readonly replies: AsyncIterable<ApartReply>;
}

function start(task: ApartTask, left: AbortSignal): Apart {
  const child = fork(join(__dirname, 'batch-process.js'), {
    // Nothing of the server's surroundings is of use to it, and some of it is secret.
    env: {},
    execArgv: [`--max-old-space-size=${heapMebibytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  tell(child, task);
  return { child, replies: repliesOf(child, task.kind, left) };
}

/** The replies of a process up to its end, which is an error: it is ended by whoever listens. */
async function* repliesOf(
  child: ChildProcess,
  kind: ApartTask['kind'],
  left: AbortSignal,
): AsyncGenerator<ApartReply> {
  const cancel = (): void => void child.kill('SIGKILL');
  const stalled = new AbortController();
  stalled.signal.addEventListener('abort', cancel);
  const silence = setTimeout(() => {
    // A file is written in one go, and as long as that takes.
    if (kind === 'read') stalled.abort();
  }, stalledSeconds * 1000);
  left.addEventListener('abort', cancel);
  if (left.aborted) cancel();
  try {
    for await (const [reply] of on(child, 'message', { close: ['close'] })) {
      silence.refresh();
      yield reply as ApartReply;
    }
  } finally {
    clearTimeout(silence);
    left.removeEventListener('abort', cancel);
  }
  if (left.aborted) throw errors.requestCanceled();
  if (stalled.signal.aborted)
    throw errors.batchFile(`no row came of it within ${stalledSeconds} s`);
  throw errors.batchFile(
    `to ${kind} it takes more than ${processMebibytes} MiB; make rows, pages, row groups or record batches smaller`,
  );
}

/** What cannot be told to a process that is gone, its end tells. */
function tell(child: ChildProcess, message: ApartTask | 'next'): void {
  child.send(message, () => undefined);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
