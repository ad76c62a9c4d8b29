import assert from 'node:assert/strict';
import {
  existsSync,
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
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { BatchFiles } from '../../src/jobs/batch/files';
import { folderOf } from '../../src/jobs/batch/folders';
import { TestKeys } from '../support/access';
import { BatchCaller, type Json } from '../support/batches';
import { add, identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'jobs.md'), 'utf8');

describe('the files that a batch names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-files-'));
  const [jobs = '', input = '', output = ''] = ['jobs', 'in', 'out'].map((name) =>
    join(folder, name),
  );
  let repository: TemporaryRepository;
  let server: TestServer;
  let caller: BatchCaller;

  before(async () => {
    mkdirSync(input);
    mkdirSync(output);
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('fraud', 1, identity('FP32', [-1, 2]));
    repository.add('pairs', 1, add());
    const files = { input, output };
    server = await startTestServer(repository.folder, { jobs: { folder: jobs, files } });
    caller = new BatchCaller(server.url);
    writeFileSync(join(input, 'one.csv'), 'x\n1\n2\n');
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  it('are written as the example of docs/jobs.md says', async () => {
    const order = [...page.matchAll(/```json\n([\s\S]*?)```/g)]
      .map(([, text = '']) => JSON.parse(text) as Json)
      .find((json) => 'columns' in json);
    mkdirSync(join(input, '2026-11'));
    writeFileSync(join(input, '2026-11', 'payments.csv'), 'id,amount,age\na,1.5,20\nb,2,30\n');
    const job = await caller.named('fraud', order ?? {});
    assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
    const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
    const file = await asyncBufferFromFile(join(output, '2026-11', 'scores.parquet'));
    const rows = await parquetReadObjects({ file });
    assert.deepEqual(rows, [
      { id: 'a', y_0: 1.5, y_1: 20, error: null },
      { id: 'b', y_0: 2, y_1: 30, error: null },
    ]);
  });

  it('have the format of their ending, which no other may contradict', async () => {
    for (const name of ['deep/er/one.jsonl', 'one.ndjson']) {
      const job = await caller.named('same', { input: 'one.csv', output: name });
      assert.equal(job.state, 'succeeded');
      assert.equal(readFileSync(join(output, name), 'utf8'), '{"y":1}\n{"y":2}\n');
    }
    const plain = await caller.named('same', { input: 'one.csv', output: 'scores' });
    assert.equal((await caller.result(plain)).toString(), 'y\r\n1\r\n2\r\n');
    const body = { input: 'one.csv', output: 'one.parquet', output_format: 'csv' };
    const refused = await caller.order('same/batch', 'application/json', body);
    assert.equal(
      refused.body.error,
      'Field "output_format": expected parquet, which the ending of "output" says, or another ending, received "csv"',
    );
  });

  it('are not written where something else is, or a link leads out', async () => {
    mkdirSync(join(output, 'there.csv'));
    symlinkSync(folder, join(output, 'link'));
    for (const name of ['there.csv', 'scores/x.csv', 'link/x.csv', 'link/new/x.csv', '../x.csv']) {
      const body = { input: 'one.csv', output: name };
      const refused = await caller.order('same/batch', 'application/json', body);
      assert.equal(refused.body.code, 'FIELD_INVALID', name);
    }
    assert.ok(!existsSync(join(folder, 'new')));
  });
});

describe('the files of callers who are told apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-callers-'));
  const [jobs = '', input = '', output = ''] = ['jobs', 'in', 'out'].map((name) =>
    join(folder, name),
  );
  const repository = new TemporaryRepository();
  let server: TestServer;
  let alice: BatchCaller;
  let bob: BatchCaller;

  before(async () => {
    mkdirSync(join(input, 'alice'), { recursive: true });
    mkdirSync(join(input, '%42ob'), { recursive: true });
    mkdirSync(output);
    writeFileSync(join(input, 'alice', 'payroll.csv'), 'x\n1\n');
    writeFileSync(join(input, '%42ob', 'mine.csv'), 'x\n2\n');
    writeFileSync(join(input, 'top.csv'), 'x\n3\n');
    repository.add('same', 1, identity('FP32'));
    const keys = new TestKeys(repository, { alice: [], Bob: [] });
    server = await startTestServer(repository.folder, {
      jobs: { folder: jobs, files: { input, output } },
      ...keys.with([{ callers: ['*'], verbs: ['infer', 'read'], models: ['*'] }]),
    });
    alice = new BatchCaller(server.url, keys.of('alice'));
    bob = new BatchCaller(server.url, keys.of('Bob'));
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  it('are each in a folder of their own', async () => {
    const orders = [
      [alice, { input: 'payroll.csv', output: 'day/x.csv' }, 'y\r\n1\r\n'],
      [bob, { input: 'mine.csv', output: 'day/x.csv' }, 'y\r\n2\r\n'],
    ] as const;
    for (const [caller, order, expected] of orders) {
      assert.equal((await caller.result(await caller.named('same', order))).toString(), expected);
    }
    assert.deepEqual(readdirSync(output).sort(), ['%42ob', 'alice']);
    assert.equal(readFileSync(join(output, 'alice', 'day', 'x.csv'), 'utf8'), 'y\r\n1\r\n');
    assert.equal(readFileSync(join(output, '%42ob', 'day', 'x.csv'), 'utf8'), 'y\r\n2\r\n');
  });

  it("are not another's", async () => {
    for (const name of ['payroll.csv', '../alice/payroll.csv', 'alice/payroll.csv', 'top.csv']) {
      const refused = await bob.order('same/batch', 'application/json', { input: name });
      assert.equal(
        refused.body.error,
        name.startsWith('..')
          ? `Field "input": expected a path below the input folder, received "${name}"`
          : `Field "input": expected a file below %42ob/ in the input folder, received "${name}"`,
      );
    }
    symlinkSync(output, join(output, '%42ob', 'up'));
    for (const name of ['../alice/day/x.csv', 'up/alice/day/x.csv', 'up/new/x.csv']) {
      const body = { input: 'mine.csv', output: name };
      const refused = await bob.order('same/batch', 'application/json', body);
      assert.equal(refused.body.code, 'FIELD_INVALID', name);
    }
    assert.equal(readFileSync(join(output, 'alice', 'day', 'x.csv'), 'utf8'), 'y\r\n1\r\n');
  });

  it('have names that no two callers share', () => {
    const names = ['a', 'A', '..', '.', 'a/b', 'a%2fb', 'é', 'auth0|5F', 'CN=a,O=b'];
    const folders = names.map(folderOf);
    assert.deepEqual(folders, [
      'a',
      '%41',
      '%2e%2e',
      '%2e',
      'a%2fb',
      'a%252fb',
      '%c3%a9',
      'auth0%7c5%46',
      '%43%4e%3da%2c%4f%3db',
    ]);
    assert.equal(new Set(folders.map((name) => name.toLowerCase())).size, names.length);
  });
});

describe('the room for the files of batches', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-quota-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const bytes = (count: number) => Readable.from([Buffer.alloc(count)]);

  it('is counted over uploads that come at once', async () => {
    const files = new BatchFiles(join(folder, 'at-once'), 2000);
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) => files.receive(bytes(900), `job${i}`)),
    );
    const refused = all.filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 4);
    assert.equal(readdirSync(join(folder, 'at-once')).length, 2);
    const [first = ''] = readdirSync(join(folder, 'at-once'));
    await files.remove(first);
    await files.receive(bytes(1000), 'job6');
    await assert.rejects(files.receive(bytes(200), 'job7'), { code: 'JOB_STORE_FULL' });
  });

  it('is given back by what a lost server left, and not by what a job needs', async () => {
    const left = join(folder, 'left');
    mkdirSync(left);
    for (const name of ['a.1.in', 'b.2.in', 'b.1.spool', 'c.1.out']) {
      writeFileSync(join(left, name), Buffer.alloc(500));
    }
    const files = new BatchFiles(left, 2000);
    const meanwhile = await files.receive(bytes(0), 'd');
    await assert.rejects(files.receive(bytes(100), 'e'), { code: 'JOB_STORE_FULL' });
    const asked: string[] = [];
    const isNeeded = (job: string, name: string) => {
      asked.push(job);
      return Promise.resolve(name === 'b.2.in');
    };
    await files.removeLost(isNeeded, 60_000);
    assert.deepEqual(asked, []);
    await files.removeLost(isNeeded, 0);
    assert.deepEqual(asked, ['a', 'b', 'b', 'c']);
    assert.deepEqual(readdirSync(left).sort(), ['b.2.in', meanwhile.name].sort());
    assert.equal((await files.receive(bytes(1500), 'e')).bytes, 1500);
  });

  it('is bounded over all that a batch writes, and free once the result is gone', async () => {
    const jobs = join(folder, 'jobs');
    const repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    mkdirSync(join(jobs, 'files'), { recursive: true });
    writeFileSync(join(jobs, 'files', 'gone.1.in'), Buffer.alloc(60_000));
    const maxBytes = 100_000;
    const config = { folder: jobs, maxBytes, resultTtlSeconds: 1 };
    const server = await startTestServer(repository.folder, { jobs: config });
    const caller = new BatchCaller(server.url);
    try {
      while (readdirSync(join(jobs, 'files')).length > 0) await setTimeout(5);
      const rows = `x,id\n${'1,abcdefgh\n'.repeat(4000)}`;
      const grown = await caller.ended(
        await caller.order('same/batch?keep=id&output_format=jsonl', 'text/csv', rows),
      );
      assert.equal((grown.error as Json | undefined)?.code, 'JOB_STORE_FULL');
      const small = `x,id\n${'1,abcdefgh\n'.repeat(1500)}`;
      for (let i = 0; i < 2; i++) {
        // The input and what was written of it go at the end, the result when its time is over.
        while (readdirSync(join(jobs, 'files')).length > 0) await setTimeout(50);
        const job = await caller.ended(
          await caller.order('same/batch?keep=id&output_format=csv', 'text/csv', small),
        );
        assert.equal(job.state, 'succeeded', JSON.stringify(job.error));
      }
    } finally {
      await server.server.close();
      repository.remove();
    }
  }).timeout(60_000);
});
