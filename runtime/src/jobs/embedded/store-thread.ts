import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { errors } from '../../errors';
import { failureOf } from '../thread-failure';
import { JobDatabase } from './database';
import type { StoreOpened, StoreReply, StoreSettings, StoreTask } from './messages';
import { DiskReserve } from './reserve';

/**
 * The thread of the embedded store: SQLite waits for the disk, which nobody else should. What came in
 * while the last transaction was being written goes into one transaction and waits for the disk once.
 */
if (parentPort === null) throw new Error('store-thread runs as a worker thread only');
const port = parentPort;
const { folder, maxBytes } = workerData as StoreSettings;
const reserve = new DiskReserve(folder);

/** Tasks that one transaction holds at most, so that none waits for long. */
const maxBatch = 64;

/** SQLITE_FULL. Source: SQLite, "Result and Error Codes"; read 2026-11. */
const diskFull = 13;

/** What needs no room, and makes some. */
const makesRoom: readonly StoreTask['method'][] = [
  'sweep',
  'cancel',
  'putBack',
  'take',
  'report',
  'holdAnswer',
  'dropAnswer',
];

let database: JobDatabase | undefined;
try {
  // After a restart on a full disk the journal itself may need the room.
  reserve.giveBack();
  database = new JobDatabase(folder, maxBytes);
  reserve.take();
  say({ kind: 'open' });
} catch (error) {
  say({ kind: 'unusable', reason: failureOf(error).message });
  port.close();
}

if (database !== undefined) serve(database);

function serve(open: JobDatabase): void {
  port.on('message', (first: StoreTask) => {
    const batch = [first];
    while (batch.length < maxBatch) {
      const received = receiveMessageOnPort(port);
      if (received === undefined) break;
      batch.push(received.message as StoreTask);
    }
    const last = batch.find(({ method }) => method === 'close');
    for (const reply of performAll(
      open,
      batch.filter((task) => task !== last),
    )) {
      say(reply);
    }
    // There may be room again for what had to be given back.
    if (batch.some(({ method }) => method === 'sweep')) reserve.take();
    if (last === undefined) return;
    say(
      replyTo(last, () => {
        open.close();
      }),
    );
    port.close();
  });
}

function performAll(open: JobDatabase, batch: readonly StoreTask[]): readonly StoreReply[] {
  if (batch.length === 0) return [];
  try {
    return open.transaction(() =>
      batch.map((task) => replyTo(task, () => open.attempt(() => perform(open, task)))),
    );
  } catch (error) {
    // One that needs too much must not take the others along.
    if (batch.length > 1) return batch.flatMap((task) => performAll(open, [task]));
    const [task] = batch;
    return task === undefined ? [] : [performAgain(open, task, error)];
  }
}

/** With the reserve's space, for what makes room. */
function performAgain(open: JobDatabase, task: StoreTask, error: unknown): StoreReply {
  if (!isDiskFull(error) || !makesRoom.includes(task.method) || !reserve.giveBack()) {
    return failed(task, refusedBy(error));
  }
  try {
    return replyTo(task, () => open.transaction(() => perform(open, task)));
  } catch (again) {
    return failed(task, refusedBy(again));
  } finally {
    reserve.take();
  }
}

function perform(open: JobDatabase, { method, args }: StoreTask): unknown {
  const methods = open as unknown as Readonly<
    Record<string, (...values: readonly unknown[]) => unknown>
  >;
  return methods[method]?.(...args);
}

function replyTo(task: StoreTask, work: () => unknown): StoreReply {
  try {
    return { kind: 'reply', number: task.number, ok: true, result: work() };
  } catch (error) {
    if (isDiskFull(error)) throw error;
    return failed(task, error);
  }
}

function failed({ number }: StoreTask, error: unknown): StoreReply {
  return { kind: 'reply', number, ok: false, failure: failureOf(error) };
}

function refusedBy(error: unknown): unknown {
  return isDiskFull(error) ? errors.jobStoreFull('its disk is full') : error;
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && (error as { readonly errcode?: number }).errcode === diskFull;
}

function say(message: StoreOpened | StoreReply): void {
  port.postMessage(message);
}
