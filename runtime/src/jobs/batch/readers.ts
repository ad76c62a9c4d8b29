import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { errors, ServingError } from '../../errors';
import type { BatchFormat } from './formats';
import type { Row } from './rows';

/** Rows that are decoded at once of a file that is not text. */
const sliceRows = 8192;

/** Longest line of a text file, in bytes: what is longer is no row. */
const maxLineBytes = 16 * 1024 * 1024;

/** A file's rows, with how many of its bytes are read at each. */
export interface RowReader {
  readonly rows: AsyncIterable<Row>;
  bytes(): number;
}

/** @throws ServingError BATCH_FILE, as the rows are read, where the file is not what it should be */
export function readRows(file: string, format: BatchFormat, totalBytes: number): RowReader {
  switch (format) {
    case 'jsonl':
      return text(file, jsonLines);
    case 'csv':
      return text(file, csvLines);
    case 'parquet':
      return counted(parquetRows(file), totalBytes);
    case 'arrow':
      return counted(arrowRows(file), totalBytes);
  }
}

function text(
  file: string,
  read: (stream: ReturnType<typeof createReadStream>) => AsyncIterable<Row>,
): RowReader {
  const stream = createReadStream(file);
  return { rows: named(read(stream)), bytes: () => stream.bytesRead };
}

/** How far such a file is read is known from its rows only. */
function counted(slices: AsyncIterable<Slice>, totalBytes: number): RowReader {
  let part = 0;
  const rows = (async function* () {
    let line = 0;
    for await (const { values, done } of slices) {
      for (const value of values) yield { line: ++line, values: value };
      part = done;
    }
  })();
  return { rows: named(rows), bytes: () => Math.round(part * totalBytes) };
}

interface Slice {
  readonly values: Iterable<Readonly<Record<string, unknown>>>;
  /** Part of the file that is read with it, 0 to 1. */
  readonly done: number;
}

async function* named(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof ServingError) throw error;
    throw errors.batchFile(error instanceof Error ? error.message : String(error));
  }
}

async function* jsonLines(stream: ReturnType<typeof createReadStream>): AsyncGenerator<Row> {
  let line = 0;
  for await (const content of createInterface({ input: stream, crlfDelay: Infinity })) {
    line++;
    if (content.trim() === '') continue;
    if (content.length > maxLineBytes) throw errors.batchFile(`line ${line} is over 16 MiB long`);
    yield { line, values: parseLine(line, content) };
  }
}

function parseLine(line: number, content: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw errors.batchFile(`line ${line}: ${error instanceof Error ? error.message : 'no JSON'}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw errors.batchFile(`line ${line} is no JSON object`);
}

async function* csvLines(stream: ReturnType<typeof createReadStream>): AsyncGenerator<Row> {
  // Loaded where a batch needs it, like the readers below: most servers never do.
  const { parse } = await import('csv-parse');
  const parser = stream.pipe(
    parse({
      columns: true,
      bom: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: maxLineBytes,
    }),
  );
  stream.once('error', (error) => parser.destroy(error));
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    yield { line: info.lines, values: record };
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

async function* parquetRows(file: string): AsyncGenerator<Slice> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } =
    await import('hyparquet');
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const compressors = { GZIP: decompress(gunzipSync), BROTLI: decompress(brotliDecompressSync) };
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += sliceRows) {
    const rowEnd = Math.min(count, rowStart + sliceRows);
    const range = { file: buffer, metadata, compressors, rowStart, rowEnd };
    yield { values: await parquetReadObjects(range), done: rowEnd / count };
  }
}

function decompress(unpack: (data: Uint8Array) => Buffer): (data: Uint8Array) => Uint8Array {
  return (data) => unpack(data);
}

async function* arrowRows(file: string): AsyncGenerator<Slice> {
  const { RecordBatchReader } = await import('apache-arrow');
  const stream = createReadStream(file);
  const reader = await RecordBatchReader.from(stream);
  for await (const batch of reader) {
    const rows = function* (): Generator<Readonly<Record<string, unknown>>> {
      for (const row of batch) yield plain(row.toJSON());
    };
    yield { values: rows(), done: 0 };
  }
}

/** Lists come as vectors, which only look like lists. */
function plain(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isVector(value) ? (Array.from(value) as readonly unknown[]) : value,
    ]),
  );
}

function isVector(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
