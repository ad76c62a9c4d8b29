import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../thread-failure';
import type { BatchThreadReply, BatchThreadTask } from './messages';
import { readRows } from './readers';
import type { Row } from './rows';
import { tableColumns, writeTable } from './writers';

/** A thread that reads or writes one batch file: parsing and unpacking would hold up every request. */
if (parentPort === null) throw new Error('batch-thread runs as a worker thread only');
const port = parentPort;

/** Rows that go to the other thread at once. */
const sliceRows = 512;

perform(workerData as BatchThreadTask)
  .then(
    (bytes) => {
      say({ kind: 'end', bytes });
    },
    (error: unknown) => {
      say({ kind: 'failure', failure: failureOf(error) });
    },
  )
  .finally(() => {
    port.close();
  });

async function perform(task: BatchThreadTask): Promise<number> {
  if (task.kind === 'write') {
    const { spool, file, format, keep, outputs, withErrors } = task;
    await writeTable(spool, file, format, tableColumns(keep, outputs, withErrors));
    return 0;
  }
  const reader = readRows(task.file, task.format, task.totalBytes);
  let rows: Row[] = [];
  let seen = 0;
  for await (const row of reader.rows) {
    if (seen++ < task.skip || rows.push(row) < sliceRows) continue;
    await hand(rows, reader.bytes());
    rows = [];
  }
  if (rows.length > 0) await hand(rows, reader.bytes());
  return reader.bytes();
}

/** Resolves once the next rows are asked for. */
async function hand(rows: readonly Row[], bytes: number): Promise<void> {
  const asked = once(port, 'message');
  say({ kind: 'rows', rows, bytes });
  await asked;
}

function say(reply: BatchThreadReply): void {
  port.postMessage(reply);
}
