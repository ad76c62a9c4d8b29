import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExactly } from '../../src/jobs/batch/exact-json';
import { readRows } from '../../src/jobs/batch/readers';
import { BatchCaller, type Json } from '../support/batches';
import { postJson } from '../support/http-client';
import { identity, slow } from '../support/models';
import { startTestServer, type TestServer } from '../support/server';
import { TemporaryRepository } from '../support/temporary';

const parquetType = 'application/vnd.apache.parquet';
const jsonType = 'application/x-ndjson';

describe('what comes out of a batch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'manara-fidelity-'));
  let repository: TemporaryRepository;
  let server: TestServer;
  let caller: BatchCaller;

  before(async () => {
    repository = new TemporaryRepository();
    repository.add('same', 1, identity('FP32'));
    repository.add('ids', 1, identity('INT64'));
    repository.add('slow', 1, slow(60));
    const answer = { name: 'y', datatype: 'FP32' as const, shape: [1, 1], data: [7] };
    server = await startTestServer(repository.folder, {
      jobs: { folder },
      workers: 1,
      fallbacks: { slow: { afterMillis: 1, chain: [{ static: [answer] }] } },
    });
    caller = new BatchCaller(server.url);
  });
  after(async () => {
    await server.server.close();
    repository.remove();
    rmSync(folder, { recursive: true });
  });

  const ids = [1234567890123456789n, -9223372036854775808n, 5n];
  const texts = ids.map(String);

  for (const [from, make] of [
    ['JSON lines', () => Promise.resolve(ids.map((id) => `{"id":${id},"x":1}`).join('\n'))],
    ['Parquet', parquetOfIds],
  ] as const) {
    const type = from === 'Parquet' ? parquetType : jsonType;
    const path = 'same/batch?keep=id&output_format=';

    it(`keeps ids of 64 bits of ${from} to the last digit`, async () => {
      const body = await make();
      const csv = await caller.result(
        await caller.ended(await caller.order(`${path}csv`, type, body)),
      );
      assert.equal(csv.toString(), ['id,y', ...texts.map((id) => `${id},1`), ''].join('\r\n'));
      const parquet = await caller.result(
        await caller.ended(await caller.order(`${path}parquet`, type, body)),
      );
      const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
      const file = new Uint8Array(parquet).buffer;
      assert.equal(parquetMetadata(file).schema[1]?.type, 'INT64');
      const rows = await parquetReadObjects({ file });
      assert.deepEqual(
        rows,
        ids.map((id) => ({ id, y: 1 })),
      );
      const { tableFromIPC } = await import('apache-arrow');
      const arrow = tableFromIPC(
        await caller.result(await caller.ended(await caller.order(`${path}arrow`, type, body))),
      );
      assert.deepEqual([...(arrow.getChild('id') ?? [])], ids);
      // As its numbers cannot be read exactly, JSON has those beyond 2^53 as texts.
      const lines = await caller.lines(
        await caller.ended(await caller.order(`${path}jsonl`, type, body)),
      );
      assert.deepEqual(lines, [
        { id: texts[0], y: 1 },
        { id: texts[1], y: 1 },
        { id: 5, y: 1 },
      ]);
    });
  }

  async function parquetOfIds(): Promise<Uint8Array> {
    const { parquetWriteBuffer } = await import('hyparquet-writer');
    const columnData = [
      { name: 'id', data: ids, type: 'INT64' as const },
      { name: 'other', data: ids.map(() => 'unused') },
      { name: 'x', data: [1, 1, 1], type: 'FLOAT' as const },
    ];
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  }

  it('keeps lists, dates and what is missing', async () => {
    const text = ['{"x":1,"k":[1234567890123456789,{"a":null}]}', '{"x":2}'].join('\n');
    const path = 'same/batch?keep=k';
    const job = await caller.ended(await caller.order(path, jsonType, text));
    assert.deepEqual(await caller.lines(job), [
      { k: ['1234567890123456789', { a: null }], y: 1 },
      { k: null, y: 2 },
    ]);
  });

  it('is refused where an input would be rounded', async () => {
    const job = await caller.ended(
      await caller.order('ids/batch', jsonType, '{"x":1234567890123456789}'),
    );
    assert.equal(
      (job.error as Json).error,
      'Line 1: BATCH_COLUMN: Column "x" is 1234567890123456789; expected an integer within ±(2^53-1)',
    );
    const rounded = await caller.ended(
      await caller.order('same/batch', jsonType, '{"x":1234567890123456789}'),
    );
    assert.deepEqual(await caller.lines(rounded), [{ y: Math.fround(Number(ids[0])) }]);
  });

  it('is of the model itself, where callers who wait have an answer in its place', async () => {
    const input = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.5] };
    const answer = await postJson(`${server.url}/v2/models/slow/infer`, { inputs: [input] });
    assert.equal(answer.headers.get('x-degraded'), 'static');
    const job = await caller.ended(
      await caller.order('slow/batch', jsonType, '{"x":0.5}\n{"x":0.5}'),
    );
    const [first, second] = (await caller.lines(job)) as readonly { readonly y: number }[];
    assert.deepEqual(first, second);
    assert.notEqual(first?.y, 7);
  });

  it('is read of pages that Zstandard packed', async () => {
    // 300 values, written by hyparquet-writer 0.17 with pages of the tool zstd 1.5, level 19.
    const packed = [
      'UEFSMRUGFeYSFVRcFdgEFQAV2AQVABUGFQAAANgEASi1L/0AaPUAAMIBBQrwOV9rVyUACZcC2guvP/3w8/8HAQBE8v',
      '90AhUEGSxIBHJvb3QVAgAVCCUCGAF4ABbYBBkcGRwmCBwVCBkVABkYAXgVDBbYBBaWExaEASYIAAAWlhMW2AQ2hAEA',
      'KAloeXBhcnF1ZXQZHBwAAABSAAAAUEFSMQ==',
    ];
    const body = Buffer.from(packed.join(''), 'base64');
    const path = 'same/batch?output_format=jsonl';
    const job = await caller.ended(await caller.order(path, parquetType, body));
    assert.deepEqual(
      await caller.lines(job),
      Array.from({ length: 300 }, (_, i) => ({ y: (i % 7) / 8 })),
    );
  });

  it('tells how far an Arrow file is read, of both forms', async () => {
    const { tableFromArrays, tableToIPC } = await import('apache-arrow');
    const parts = Array.from({ length: 40 }, (_, i) =>
      tableFromArrays({ x: Float64Array.from({ length: 2000 }, (_, row) => i * 2000 + row) }),
    );
    const table = parts.reduce((all, part) => all.concat(part));
    for (const form of ['file', 'stream'] as const) {
      const bytes = tableToIPC(table, form);
      const file = join(folder, 'x.arrow');
      writeFileSync(file, bytes);
      const totalBytes = bytes.byteLength;
      const reader = readRows({ file, format: 'arrow', totalBytes, columns: ['x'] });
      const seen: number[] = [];
      let next = 0;
      for await (const { line, values } of reader.rows) {
        assert.deepEqual([line, values.x], [next + 1, next]);
        if (next++ % 20_000 === 19_999) seen.push(reader.bytes() / totalBytes);
      }
      assert.equal(next, 80_000);
      const [first = 0, second = 0] = seen;
      assert.ok(0.1 < first && first < second && second < 0.8, seen.join(', '));
      assert.equal(reader.bytes(), totalBytes);
    }
  });
});

describe('JSON with integers to the last digit', () => {
  for (const [text, expected] of [
    ['{"a":1}', { a: 1 }],
    ['[9007199254740991,9007199254740993]', [9007199254740991, 9007199254740993n]],
    ['[-1234567890123456789,0.12345678901234567890]', [-1234567890123456789n, 0.12345678901234568]],
    [
      '[1234567890123456789.5,1234567890123456789e2]',
      [Number('1234567890123456789.5'), 1.2345678901234568e20],
    ],
    [
      '{"1234567890123456789":"\\"1234567890123456789"}',
      { '1234567890123456789': '"1234567890123456789' },
    ],
    ['[1e-1234567890123456,1e1234567890123456]', [0, Infinity]],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.deepEqual(parseExactly(text), expected);
    });
  }

  it('refuses what is no JSON, and digits without end', () => {
    assert.throws(() => parseExactly('{1234567890123456789}'), SyntaxError);
    assert.throws(() => parseExactly(`[${'9'.repeat(50)}]`), /an integer of 50 digits/);
    assert.equal((parseExactly(`["${'9'.repeat(1e6)}"]`) as string[])[0]?.length, 1e6);
  });
});
