import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Datatype } from '@manara/contract';
import type { RecordBatch } from 'apache-arrow';
import { stat } from 'node:fs/promises';
import type { BatchFormat } from './formats';
import type { KeptColumn, KeptKind } from './kept';
import { type Cell, type OutputRow, spooledRows } from './spool';

/** A column of an output that is a table. */
export interface TableColumn {
  readonly name: string;
  readonly datatype: Datatype;
  readonly of: (row: OutputRow) => Cell | undefined;
}

/** An output of the model: how many elements each row has. */
export interface OutputLayout {
  readonly name: string;
  readonly datatype: Datatype;
  readonly size: number;
}

/** Columns of a table: an output with several elements a row becomes `y_0`, `y_1`, … */
export function tableColumns(
  keep: readonly KeptColumn[],
  outputs: readonly OutputLayout[],
  withErrors: boolean,
): readonly TableColumn[] {
  return [
    ...keep.map(({ name, kind }) => single(name, keptTypes[kind])),
    ...outputs.flatMap(({ name, datatype, size }) =>
      size === 1
        ? [single(name, datatype)]
        : Array.from({ length: size }, (_, i) => element(name, datatype, i)),
    ),
    ...(withErrors ? [single('error', 'BYTES')] : []),
  ];
}

const keptTypes = {
  whole: 'INT64',
  integer: 'INT64',
  number: 'FP64',
  text: 'BYTES',
} as const satisfies Readonly<Record<KeptKind, Datatype>>;

function single(name: string, datatype: Datatype): TableColumn {
  return {
    name,
    datatype,
    of: (row) => plain(Array.isArray(row[name]) ? (row[name] as Cell[])[0] : row[name]),
  };
}

function element(name: string, datatype: Datatype, i: number): TableColumn {
  return {
    name: `${name}_${i}`,
    datatype,
    of: (row) => (row[name] as readonly Cell[] | undefined)?.[i],
  };
}

function plain(value: unknown): Cell | undefined {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Cell);
}

/** A table that is to be made of what was spooled. */
export interface Table {
  readonly spool: string;
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

/** Makes the output file of what was spooled. */
export async function writeTable(
  table: Table,
  format: Exclude<BatchFormat, 'jsonl'>,
): Promise<void> {
  switch (format) {
    case 'csv':
      await pipeline(Readable.from(csvOf(table)), createWriteStream(table.file));
      return;
    case 'parquet':
      return writeParquet(table);
    case 'arrow':
      return writeArrow(table);
  }
}

/** Bytes of the spool whose rows are held at once. */
const groupBytes = 32 * 1024 * 1024;

/** Rows that are written together: as many as are asked for, and fewer where they are large. */
async function groupRows({ spool, rows }: Table, most: number): Promise<number> {
  const { size } = await stat(spool);
  return Math.max(1, Math.min(most, Math.floor((groupBytes * rows) / Math.max(1, size))));
}

async function* csvOf({ spool, columns }: Table): AsyncGenerator<string> {
  yield `${columns.map(({ name }) => csvField(name)).join(',')}\r\n`;
  for await (const row of spooledRows(spool)) {
    yield `${columns.map(({ of }) => csvField(of(row))).join(',')}\r\n`;
  }
}

/** Source: RFC 4180. */
function csvField(value: Cell | undefined): string {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const parquetTypes = {
  BOOL: 'BOOLEAN',
  UINT8: 'INT32',
  UINT16: 'INT32',
  UINT32: 'INT64',
  UINT64: 'STRING',
  INT8: 'INT32',
  INT16: 'INT32',
  INT32: 'INT32',
  INT64: 'INT64',
  FP16: 'FLOAT',
  FP32: 'FLOAT',
  FP64: 'DOUBLE',
  BYTES: 'STRING',
} as const satisfies Readonly<Record<Datatype, string>>;

/** Rows of a Parquet row group. */
const parquetRows = 65_536;

async function writeParquet(table: Table): Promise<void> {
  const { spool, file, columns } = table;
  const { fileWriter, parquetWriteRows } = await import('hyparquet-writer');
  const rows = (async function* () {
    for await (const row of spooledRows(spool)) {
      yield Object.fromEntries(
        columns.map(({ name, datatype, of }) => [name, typed(parquetTypes[datatype], of(row))]),
      );
    }
  })();
  await parquetWriteRows({
    writer: fileWriter(file),
    rows,
    rowGroupSize: await groupRows(table, parquetRows),
    columns: columns.map(({ name, datatype }) => ({
      name,
      type: parquetTypes[datatype],
      nullable: true,
    })),
  });
}

function typed(type: string, value: Cell | undefined): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'INT64':
      return BigInt(value);
    case 'FLOAT':
    case 'DOUBLE':
      // NaN and the infinities stand as texts in the spool.
      return Number(value);
    case 'STRING':
      return String(value);
    default:
      return value;
  }
}

/** Rows of an Arrow record batch. */
const arrowRows = 8192;

async function writeArrow(table: Table): Promise<void> {
  const { spool, file, columns } = table;
  const batchRows = await groupRows(table, arrowRows);
  const arrow = await import('apache-arrow');
  const typeOf = {
    BOOLEAN: () => new arrow.Bool(),
    INT32: () => new arrow.Int32(),
    INT64: () => new arrow.Int64(),
    FLOAT: () => new arrow.Float32(),
    DOUBLE: () => new arrow.Float64(),
    STRING: () => new arrow.Utf8(),
  };
  const types = columns.map(({ datatype }) => typeOf[parquetTypes[datatype]]());
  const schema = new arrow.Schema(
    columns.map(({ name }, i) => new arrow.Field(name, types[i] ?? new arrow.Null(), true)),
  );
  const batchOf = (rows: readonly OutputRow[]): RecordBatch => {
    const children = columns.map(({ datatype, of }, i) => {
      const values = rows.map((row) => typed(parquetTypes[datatype], of(row)));
      const [data] = arrow.vectorFromArray(values, types[i] ?? new arrow.Null()).data;
      if (data === undefined) throw new Error('a column of a batch has no data');
      return data;
    });
    const type = new arrow.Struct(schema.fields);
    return new arrow.RecordBatch(schema, arrow.makeData({ type, length: rows.length, children }));
  };
  const writer = new arrow.RecordBatchStreamWriter();
  const writeRows = async (): Promise<void> => {
    let rows: OutputRow[] = [];
    for await (const row of spooledRows(spool)) {
      if (rows.push(row) < batchRows) continue;
      writer.write(batchOf(rows));
      rows = [];
    }
    // The schema goes out with a batch, be it an empty one.
    writer.write(batchOf(rows));
    writer.finish();
  };
  // At once: a file that cannot be written is known before the last row is.
  await Promise.all([pipeline(writer.toNodeStream(), createWriteStream(file)), writeRows()]);
}
