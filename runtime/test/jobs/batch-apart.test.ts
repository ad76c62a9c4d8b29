import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { rowsApart, tableApart } from '../../src/jobs/batch/apart';
import type { Row } from '../../src/jobs/batch/rows';

describe('rows that are read apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-apart-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const left = new AbortController().signal;

  function taskOf(name: string) {
    const file = join(folder, name);
    return { file, format: 'jsonl', totalBytes: 1, columns: [], skip: 0 } as const;
  }

  it('wait for whoever takes them, however slow', async () => {
    const task = taskOf('x.jsonl');
    writeFileSync(task.file, Array.from({ length: 2000 }, (_, x) => `{"x":${x}}`).join('\n'));
    const rows: Row[] = [];
    for await (const slice of rowsApart({ ...task, skip: 100 }, left, 1)) {
      rows.push(...slice.rows);
      if (rows.length < 1024) await setTimeout(1500);
    }
    assert.deepEqual(
      rows.map(({ line, values }) => [line, values.x]),
      Array.from({ length: 1900 }, (_, i) => [i + 101, i + 100]),
    );
  });

  it('are given up where none comes', async function () {
    const task = taskOf('silent.jsonl');
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [task.file]);
    await assert.rejects(rowsApart(task, left, 0.5).next(), {
      code: 'BATCH_FILE',
      message: "The batch's input file cannot be read: no row came of it within 0.5 s",
    });
  });

  it('are not read on where nobody wants them', async () => {
    const task = taskOf('x.jsonl');
    const leaving = new AbortController();
    const rows = rowsApart(task, leaving.signal);
    await rows.next();
    leaving.abort();
    const rest = (async () => {
      for await (const slice of rows) assert.ok(slice.rows.length > 0);
    })();
    await assert.rejects(rest, { code: 'REQUEST_CANCELED' });
  });
});

describe('a table that is written apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-apart-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  before(function () {
    if (!existsSync('/dev/full')) this.skip();
  });

  for (const format of ['csv', 'parquet', 'arrow'] as const) {
    it(`says that the disk is full, as ${format}`, async () => {
      const spool = join(folder, 'spool');
      const rows = 50_000;
      writeFileSync(spool, '{"y":0.5}\n'.repeat(rows));
      const outputs = [{ name: 'y', datatype: 'FP32', size: 1 }] as const;
      const table = { spool, file: '/dev/full', rows, keep: [], outputs, withErrors: false };
      await assert.rejects(tableApart({ ...table, format }, new AbortController().signal), {
        code: 'JOB_STORE_FULL',
        message: /its disk is full/,
      });
    });
  }
});
