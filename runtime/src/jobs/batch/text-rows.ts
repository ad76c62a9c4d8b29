import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { errors } from '../../errors';
import { parseExactly } from './exact-json';
import { columnCount, rowBytes } from './limits';
import type { Row, RowReader } from './rows';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;

export function jsonRows(file: string): RowReader {
  const stream = createReadStream(file);
  return { rows: jsonLines(stream), bytes: () => stream.bytesRead };
}

export function csvRows(file: string): RowReader {
  const stream = createReadStream(file);
  return { rows: csvRecords(stream), bytes: () => stream.bytesRead };
}

async function* jsonLines(stream: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  let line = 0;
  for await (const bytes of linesOf(stream)) {
    line++;
    const content = bytes.toString();
    if (content.trim() !== '') yield { line, values: parseLine(line, content) };
  }
}

/** The lines of a file. One that is too long is refused before it is gathered. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let size = 0;
  let count = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = 0; end !== -1;) {
      end = chunk.indexOf(newline, start);
      const part = chunk.subarray(start, end === -1 ? undefined : end);
      begun.push(part);
      size += part.byteLength;
      if (size > rowBytes) throw tooLong('line', count + 1);
      if (end === -1) break;
      yield Buffer.concat(begun);
      begun = [];
      size = 0;
      count++;
      start = end + 1;
    }
  }
  if (size > 0) yield Buffer.concat(begun);
}

function tooWide(count: number): Error {
  return errors.batchFile(`record ${count} has more than ${columnCount} fields`);
}

/** Passes the bytes of a CSV file on; its records go on over the ends of lines within quotes. */
async function* withinBounds(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  let commas = 0;
  let count = 1;
  let isQuoted = false;
  for await (const chunk of stream) {
    for (let i = 0; i < chunk.byteLength; i++) {
      const byte = chunk[i];
      if (++size > rowBytes) throw tooLong('record', count);
      // Two in a row, which stand for one, leave it as it was.
      if (byte === quote) isQuoted = !isQuoted;
      else if (byte === comma && !isQuoted && ++commas >= columnCount) throw tooWide(count);
      if (byte !== newline || isQuoted) continue;
      size = commas = 0;
      count++;
    }
    yield chunk;
  }
}

function tooLong(what: 'line' | 'record', count: number): Error {
  return errors.batchFile(`${what} ${count} is over 16 MiB long`);
}

function parseLine(line: number, content: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseExactly(content);
  } catch (error) {
    throw errors.batchFile(`line ${line}: ${error instanceof Error ? error.message : 'no JSON'}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw errors.batchFile(`line ${line} is no JSON object`);
}

async function* csvRecords(stream: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  // Loaded where a batch needs it, like the readers of other formats.
  const { parse } = await import('csv-parse');
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, info: true });
  // What fails on the way fails the parser too.
  pipeline(stream, withinBounds, parser, () => undefined);
  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    yield { line: info.lines, values: record };
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}
