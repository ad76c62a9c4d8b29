import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { errors } from '../../errors';
import type { RowReader } from './readers';
import { counted, type Slice } from './slices';

/** What the file form begins with; the stream form follows it, and then an index. */
const magic = Buffer.from('ARROW1\0\0');

export function arrowRows(file: string, totalBytes: number): RowReader {
  return counted(slicesOf(file, totalBytes));
}

async function* slicesOf(file: string, totalBytes: number): AsyncGenerator<Slice> {
  const { RecordBatchReader } = await import('apache-arrow');
  // Both forms are read as a stream: the reader of the file form would hold the whole of it.
  const start = (await isFileForm(file)) ? magic.byteLength : 0;
  const stream = createReadStream(file, { start });
  const batches = (await RecordBatchReader.from(stream))[Symbol.asyncIterator]();
  for (;;) {
    const { value: batch, done } = await batches.next().catch((error: unknown) => {
      if (!(error instanceof Error) || !error.message.includes('compressed')) throw error;
      throw errors.batchFile('its buffers are compressed; write it without compression');
    });
    if (done === true) break;
    const rows = function* (): Generator<Readonly<Record<string, unknown>>> {
      for (const row of batch) yield plain(row.toJSON());
    };
    yield { values: rows(), bytes: start + stream.bytesRead };
  }
  // An index at the end is not looked at.
  yield { values: [], bytes: totalBytes };
}

async function isFileForm(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(magic.byteLength), 0, magic.byteLength, 0);
    return buffer.equals(magic);
  } finally {
    await handle.close();
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
