import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { failureOf } from '../thread-failure';
import { diskError } from './files';
import { processMebibytes, sliceBytes } from './limits';
import type { ApartReply, ApartTask } from './messages';
import { readRows } from './readers';
import type { Row } from './rows';
import { sizeOf } from './row-size';
import { tableColumns, writeTable } from './writers';

/**
 * A process that reads or writes one batch file. Parsing and unpacking would hold up every request; and a
 * file that fills the heap ends the process that reads it, thread or not.
 */

/** Rows that go to the server at once, at most. */
const sliceRows = 512;

/** Rows that are passed over between signs of life. */
const skippedRows = 16_384;

// Whoever started it ends it: a signal to the whole group is for the server to act on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.once('disconnect', () => process.exit());
process.once('message', (task) => void start(task as ApartTask));

async function start(task: ApartTask): Promise<void> {
  try {
    const workerData = { mebibytes: processMebibytes, parent: process.ppid };
    const watch = new Worker(join(__dirname, 'memory-watch.js'), { workerData });
    await once(watch, 'online');
    say({ kind: 'end', bytes: await perform(task).catch(diskError) });
  } catch (error) {
    say({ kind: 'failure', failure: failureOf(error) });
  }
}

async function perform(task: ApartTask): Promise<number> {
  if (task.kind === 'write') {
    const { spool, file, format, rows, keep, outputs, withErrors } = task;
    await writeTable(
      { spool, file, rows, columns: tableColumns(keep, outputs, withErrors) },
      format,
    );
    return 0;
  }
  const reader = readRows(task);
  let rows: Row[] = [];
  let size = 0;
  let seen = 0;
  for await (const row of reader.rows) {
    if (seen++ < task.skip) {
      if (seen % skippedRows === 0) await hand([], reader.bytes());
      continue;
    }
    size += sizeOf(row);
    if (rows.push(row) < sliceRows && size < sliceBytes) continue;
    await hand(rows, reader.bytes());
    rows = [];
    size = 0;
  }
  if (rows.length > 0) await hand(rows, reader.bytes());
  return reader.bytes();
}

/** Resolves once the next rows are asked for. */
async function hand(rows: readonly Row[], bytes: number): Promise<void> {
  const asked = once(process, 'message');
  say({ kind: 'rows', rows, bytes });
  await asked;
}

function say(reply: ApartReply): void {
  process.send?.(reply);
}
