import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchBombs } from '../support/batch-bombs';
import { BatchCaller, type Json } from '../support/batches';
import { identity } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

describe('a batch file that would fill the memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-bounds-'));
  let repository: TemporaryRepository;
  let server: TestServer;
  let caller: BatchCaller;

  before(async () => {
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('texts', 1, identity('BYTES'));
    server = await startTestServer(repository.folder, { jobs: { folder } });
    caller = new BatchCaller(server.url);
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  // The suite "hostile" sends the others too.
  for (const { name, type, make, expected } of batchBombs.filter(({ isSlow }) => isSlow !== true)) {
    it(`ends the job, and nothing else: ${name}`, async () => {
      const before = process.memoryUsage.rss();
      const job = await caller.ended(await caller.order('same/batch', type, await make()));
      const error = job.error as Json;
      assert.equal(error.code, 'BATCH_FILE', JSON.stringify(job));
      assert.match(String(error.error), expected);
      const grown = process.memoryUsage.rss() - before;
      assert.ok(grown < 600 * 1024 * 1024, `the server grew by ${grown} bytes`);
    });
  }

  it('is refused where a row is too long, though it is packed well', async () => {
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const long = 'a'.repeat(17 * 1024 * 1024);
    const data = [{ name: 'x', data: ['a', long, long, long], type: 'STRING' as const }];
    const file = new Uint8Array(parquetWriteBuffer({ columnData: data }));
    const type = 'application/vnd.apache.parquet';
    const job = await caller.ended(await caller.order('texts/batch', type, file));
    assert.match(String((job.error as Json).error), /row 2 takes more than 16 MiB/);
  });

  it('is told of where it is compressed Arrow', async () => {
    const { compressionRegistry, CompressionType, tableFromArrays, tableToIPC } =
      await import('apache-arrow');
    const magic = [0x28, 0xb5, 0x2f, 0xfd];
    const encode = (data: Uint8Array) => Uint8Array.from([...magic, 0, ...data]);
    compressionRegistry.set(CompressionType.ZSTD, { encode });
    const table = tableFromArrays({ x: Float32Array.of(1, 2) });
    const file = tableToIPC(table, 'stream', CompressionType.ZSTD);
    const type = 'application/vnd.apache.arrow.stream';
    const job = await caller.ended(await caller.order('same/batch', type, file));
    const expected = /its buffers are compressed; write it without compression/;
    assert.match(String((job.error as Json).error), expected);
  });

  it('holds no more than some rows where they are long', async () => {
    const value = 'b'.repeat(2 * 1024 * 1024);
    const text = Array.from({ length: 12 }, (_, i) => `{"x":"${i}${value}"}`).join('\n');
    const job = await caller.ended(await caller.order('texts/batch', 'application/x-ndjson', text));
    const lines = (await caller.result(job)).toString().trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.slice(0, 9)),
      Array.from({ length: 12 }, (_, i) => `{"y":"${i}`.padEnd(9, 'b')),
    );
  });
});
