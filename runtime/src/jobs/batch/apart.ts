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
 * @param patience - seconds after which a process that says nothing is taken for stuck.
 * @throws ServingError BATCH_FILE, REQUEST_CANCELED
 */
export async function* rowsApart(
  task: Omit<ReadTask, 'kind'>,
  left: AbortSignal,
  patience = stalledSeconds,
): AsyncGenerator<RowSlice> {
  const { child, replies } = start({ kind: 'read', ...task }, left, patience);
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
 * @throws ServingError BATCH_FILE, JOB_STORE_FULL, REQUEST_CANCELED
 */
export async function tableApart(task: Omit<WriteTask, 'kind'>, left: AbortSignal): Promise<void> {
  // A file is written in one go, and as long as that takes.
  const { child, replies } = start({ kind: 'write', ...task }, left, undefined);
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

function start(task: ApartTask, left: AbortSignal, patience: number | undefined): Apart {
  const child = fork(join(__dirname, 'batch-process.js'), {
    // Nothing of the server's surroundings is of use to it, and some of it is secret.
    env: {},
    execArgv: [`--max-old-space-size=${heapMebibytes}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  tell(child, task);
  return { child, replies: repliesOf(child, task.kind, left, patience) };
}

/** The replies of a process up to its end, which is an error: it is ended by whoever listens. */
async function* repliesOf(
  child: ChildProcess,
  kind: ApartTask['kind'],
  left: AbortSignal,
  patience: number | undefined,
): AsyncGenerator<ApartReply> {
  const kill = (): void => void child.kill('SIGKILL');
  left.addEventListener('abort', kill);
  if (left.aborted) kill();
  const stuck = new AbortController();
  stuck.signal.addEventListener('abort', kill);
  const messages = on(child, 'message', { close: ['close'] });
  try {
    for (;;) {
      // While nobody asks, as the model is slow, the process has nothing to say.
      const silence =
        patience &&
        setTimeout(() => {
          stuck.abort();
        }, patience * 1000);
      const { value, done } = (await messages.next()) as IteratorResult<[ApartReply], undefined>;
      clearTimeout(silence);
      if (done === true) break;
      yield value[0];
    }
  } finally {
    await messages.return?.();
    left.removeEventListener('abort', kill);
  }
  if (left.aborted) throw errors.requestCanceled();
  if (stuck.signal.aborted) throw errors.batchFile(`no row came of it within ${patience} s`);
  throw endOf(child, kind);
}

/** Why a process ended that was not told to: by itself and by V8 it is ended for its memory. */
function endOf({ exitCode, signalCode }: ChildProcess, kind: ApartTask['kind']): Error {
  if (signalCode === null) return new Error(`the process of a batch ended with code ${exitCode}`);
  return errors.batchFile(
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
