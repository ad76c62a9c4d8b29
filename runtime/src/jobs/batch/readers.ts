import { errors, ServingError } from '../../errors';
import { arrowRows } from './arrow-rows';
import type { ApartTask } from './messages';
import { parquetRows } from './parquet-rows';
import type { Row, RowReader } from './rows';
import { csvRows, jsonRows } from './text-rows';

/** @throws ServingError BATCH_FILE, as the rows are read, where the file is not what it should be */
export function readRows(
  task: Pick<Extract<ApartTask, { kind: 'read' }>, 'file' | 'format' | 'totalBytes' | 'columns'>,
): RowReader {
  const reader = readerOf(task);
  return { rows: named(reader.rows), bytes: () => reader.bytes() };
}

function readerOf({
  file,
  format,
  totalBytes,
  columns,
}: Parameters<typeof readRows>[0]): RowReader {
  switch (format) {
    case 'jsonl':
      return jsonRows(file);
    case 'csv':
      return csvRows(file);
    case 'parquet':
      return parquetRows(file, totalBytes, columns);
    case 'arrow':
      return arrowRows(file, totalBytes);
  }
}

async function* named(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  try {
    yield* rows;
  } catch (error) {
    if (error instanceof ServingError) throw error;
    throw errors.batchFile(error instanceof Error ? error.message : String(error));
  }
}
