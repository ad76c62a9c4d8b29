import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { errors } from '../../src/errors';
import { Jobs } from '../../src/jobs/jobs';
import { BatchCaller, type Json, type Ordered } from '../support/batches';
import { getJson } from '../support/http-client';
import { add, identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a batch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-batch-'));
  const [jobs, input, output] = ['jobs', 'in', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let repository: TemporaryRepository;
  let server: TestServer;

  before(async () => {
    mkdirSync(input);
    mkdirSync(output);
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('ids', 1, identity('INT64'));
    repository.add('texts', 1, identity('BYTES'));
    repository.add('pairs', 1, add());
    server = await startTestServer(repository.folder, {
      jobs: { folder: jobs, files: { input, output } },
    });
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  const caller = () => new BatchCaller(server.url);
  const order = (...words: Parameters<BatchCaller['order']>) => caller().order(...words);
  const ended = (accepted: Ordered) => caller().ended(accepted);
  const result = (job: Json) => caller().result(job);
  const lines = (job: Json) => caller().lines(job);

  it('answers each row of a CSV file, in its order, with the columns to keep', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `c${i},${i / 8}`);
    const csv = ['id,x', ...rows].join('\r\n');
    const job = await ended(await order('same/batch?keep=id', 'text/csv', csv));
    const expected = ['id,y', ...rows, ''].join('\r\n');
    assert.equal((await result(job)).toString(), expected);
    assert.deepEqual(job.progress, { rows: 1000, bytes: csv.length, total_bytes: csv.length });
    assert.equal(job.kind, 'batch');
  });

  it('makes one input of several columns, and keeps lists as lists', async () => {
    const text = ['{"p":1,"q":2,"b":[10,20]}', '', '{"p":3,"q":4,"b":[30,40]}'].join('\n');
    const columns = encodeURIComponent(JSON.stringify({ a: ['p', 'q'] }));
    const job = await ended(
      await order(`pairs/batch?columns=${columns}`, 'application/x-ndjson', text),
    );
    assert.deepEqual(await lines(job), [
      { sum: [11, 22], copy: [1, 2] },
      { sum: [33, 44], copy: [3, 4] },
    ]);
    const table = await ended(
      await order(`pairs/batch?columns=${columns}&output_format=csv`, 'application/x-ndjson', text),
    );
    const expected = 'sum_0,sum_1,copy_0,copy_1\r\n11,22,1,2\r\n33,44,3,4\r\n';
    assert.equal((await result(table)).toString(), expected);
  });

  for (const [format, type] of [
    ['parquet', 'application/vnd.apache.parquet'],
    ['arrow', 'application/vnd.apache.arrow.stream'],
  ] as const) {
    it(`writes ${format}, and reads what it wrote`, async () => {
      const rows = Array.from({ length: 10_000 }, (_, i) =>
        JSON.stringify({ id: i, x: i / 4, t: `ü${i}` }),
      );
      const text = rows.join('\n');
      const to = `output_format=${format}`;
      const written = await result(
        await ended(await order(`same/batch?${to}&keep=id,t`, 'application/x-ndjson', text)),
      );
      const columns = encodeURIComponent('{"x":"y"}');
      const back = `same/batch?output_format=jsonl&keep=id,t&columns=${columns}`;
      const again = await lines(await ended(await order(back, type, written)));
      assert.equal(again.length, rows.length);
      assert.deepEqual(again[9999], { id: 9999, t: 'ü9999', y: 9999 / 4 });
      const texts = encodeURIComponent('{"x":"t"}');
      const strings = await ended(await order(`texts/batch?${to}&columns=${texts}`, type, written));
      await result(strings);
    });
  }

  it('keeps 64-bit integers through Parquet', async () => {
    const text = ['{"x":9007199254740991}', '{"x":-5}'].join('\n');
    const parquet = 'application/vnd.apache.parquet';
    const to = await ended(
      await order('ids/batch?output_format=parquet', 'application/x-ndjson', text),
    );
    const columns = encodeURIComponent('{"x":"y"}');
    const path = `ids/batch?output_format=jsonl&columns=${columns}`;
    const back = await ended(await order(path, parquet, await result(to)));
    assert.deepEqual(await lines(back), [{ y: 9007199254740991 }, { y: -5 }]);
  });

  const broken = ['x,id', '1,a', 'two,b', '3,c'].join('\n');

  it('fails at the first bad row, and says which it is', async () => {
    const job = await ended(await order('same/batch', 'text/csv', broken));
    assert.equal(job.state, 'failed');
    assert.deepEqual(job.error, {
      code: 'BATCH_ROW',
      error: 'Line 3: VALUE_INVALID: Input "x": element 0 is "two"; expected a number',
    });
  });

  it('collects bad rows where it is told to', async () => {
    const path = 'same/batch?on_error=collect&keep=id&output_format=jsonl';
    const job = await ended(await order(path, 'text/csv', broken));
    const error = 'Input "x": element 0 is "two"; expected a number';
    assert.deepEqual(await lines(job), [
      { id: 'a', y: 1 },
      { id: 'b', error: { line: 3, code: 'VALUE_INVALID', error } },
      { id: 'c', y: 3 },
    ]);
  });

  it('reads and writes mounted folders', async () => {
    mkdirSync(join(input, 'day'));
    writeFileSync(join(input, 'day', 'one.csv'), 'x\n1\n2\n');
    const body = { input: 'day/one.csv', output: 'one.jsonl', output_format: 'jsonl' };
    const job = await ended(await order('same/batch', 'application/json', body));
    assert.deepEqual(await lines(job), [{ y: 1 }, { y: 2 }]);
    assert.equal(readFileSync(join(output, 'one.jsonl'), 'utf8'), '{"y":1}\n{"y":2}\n');
    assert.deepEqual(readdirSync(output), ['one.jsonl']);
  });

  it('opens nothing outside of them', async () => {
    writeFileSync(join(folder, 'secret.csv'), 'x\n1\n');
    symlinkSync(folder, join(input, 'link'));
    for (const file of [
      '../secret.csv',
      '/etc/passwd.csv',
      'link/secret.csv',
      'day/../../secret.csv',
      'none.csv',
      'link',
    ]) {
      const refused = await order('same/batch', 'application/json', { input: file });
      assert.equal(refused.status, 400, file);
      assert.equal(refused.body.code, 'FIELD_INVALID', file);
    }
    for (const file of ['../x.csv', 'day/../../x.csv']) {
      const refused = await order('same/batch', 'application/json', {
        input: 'day/one.csv',
        output: file,
      });
      assert.equal(refused.body.code, 'FIELD_INVALID', file);
    }
  });

  it('refuses what it cannot be, before it becomes a job', async () => {
    const cases = [
      ['same/batch', 'text/plain', 'BATCH_TYPE_UNSUPPORTED'],
      ['none/batch', 'text/csv', 'MODEL_UNKNOWN'],
      ['same/batch?columns={', 'text/csv', 'FIELD_INVALID'],
      ['same/batch?columns={"z":"a"}', 'text/csv', 'FIELD_INVALID'],
      ['same/batch?keep=y', 'text/csv', 'FIELD_INVALID'],
      ['same/batch?on_error=ignore', 'text/csv', 'FIELD_INVALID'],
      ['same/batch?rows=3', 'text/csv', 'FIELD_INVALID'],
    ] as const;
    for (const [path, type, code] of cases) {
      assert.equal((await order(path, type, 'x\n1\n')).body.code, code, path);
    }
  });

  it('fails where the file is not what it is said to be', async () => {
    for (const type of ['application/x-ndjson', 'application/vnd.apache.parquet', 'text/csv']) {
      const job = await ended(await order('same/batch', type, 'x\n"unfinished'));
      assert.equal((job.error as Json).code, 'BATCH_FILE', type);
    }
    const job = await ended(await order('same/batch', 'text/csv', 'z\n1\n'));
    assert.equal(
      (job.error as Json).error,
      'Line 2: BATCH_COLUMN: Column "x" is nothing; expected one of the file\'s columns "z"',
    );
  });

  it('is one job for the same file and key, and leaves nothing of the second', async () => {
    const key = { 'idempotency-key': 'b1' };
    const first = await order('same/batch', 'text/csv', 'x\n1\n', key);
    const again = await order('same/batch', 'text/csv', 'x\n1\n', key);
    assert.equal(again.body.id, first.body.id);
    assert.equal((await order('same/batch', 'text/csv', 'x\n2\n', key)).status, 422);
    await ended(first);
    await setTimeout(50);
    const left = readdirSync(join(jobs, 'files')).filter((name) => !name.endsWith('.out'));
    assert.deepEqual(left, []);
  });

  it('has its file though the store went away right after it was accepted', async () => {
    const once = mock.method(Jobs.prototype, 'find', () => {
      once.mock.restore();
      return Promise.reject(errors.jobStoreAway('it is gone'));
    });
    const key = { 'idempotency-key': 'b2' };
    assert.equal((await order('same/batch', 'text/csv', 'x\n1\n', key)).status, 503);
    const again = await order('same/batch', 'text/csv', 'x\n1\n', key);
    assert.equal(again.status, 202);
    assert.equal((await ended(again)).state, 'succeeded');
  });

  it('goes on where it was stopped, with no row lost or doubled', async () => {
    const count = 200_000;
    const text = Array.from({ length: count }, (_, i) => `{"x":${i}}`).join('\n');
    const accepted = await order('same/batch', 'application/x-ndjson', text);
    const url = String(accepted.body.status_url);
    for (;;) {
      const { progress, state } = (await getJson(server.url + url)).body;
      assert.notEqual(state, 'succeeded', 'it was too quick to be stopped');
      if (progress !== undefined) break;
      await setTimeout(10);
    }
    assert.equal(await server.server.drain(), true);
    server = await startTestServer(repository.folder, {
      jobs: { folder: jobs, files: { input, output } },
    });
    const before = (await getJson(server.url + url)).body.progress as Json;
    assert.ok(Number(before.rows) > 0 && Number(before.rows) <= count);
    const written = await lines(await ended(accepted));
    assert.deepEqual(
      written,
      Array.from({ length: count }, (_, i) => ({ y: i })),
    );
  });
});
