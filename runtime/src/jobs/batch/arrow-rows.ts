import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { AsyncRecordBatchFileReader, RecordBatch } from 'apache-arrow';
import { errors } from '../../errors';
import type { RowReader } from './rows';
import { counted, type Slice } from './slices';

/** What the file form begins with. */
const magic = Buffer.from('ARROW1');

/** Record batches, with how many bytes of the file are read with each. */
type Batches = AsyncIterable<{ readonly batch: RecordBatch; readonly bytes: number }>;

export function arrowRows(file: string, totalBytes: number): RowReader {
  return counted(slicesOf(file, totalBytes));
}

async function* slicesOf(file: string, totalBytes: number): AsyncGenerator<Slice> {
  const batches = (await isFileForm(file)) ? ofFileForm(file, totalBytes) : ofStreamForm(file);
  try {
    for await (const { batch, bytes } of batches) {
      const rows = function* (): Generator<Readonly<Record<string, unknown>>> {
        for (const row of batch) yield plain(row.toJSON());
      };
      yield { values: rows(), bytes };
    }
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('batch is compressed')) throw error;
    throw errors.batchFile('its buffers are compressed; write it without compression');
  }
  yield { values: [], bytes: totalBytes };
}

async function* ofStreamForm(file: string): Batches {
  const { RecordBatchReader } = await import('apache-arrow');
  const stream = createReadStream(file);
  for await (const batch of await RecordBatchReader.from(stream)) {
    yield { batch, bytes: stream.bytesRead };
  }
}

/** By its index, batch by batch: from a stream the library would read the whole of it at once. */
async function* ofFileForm(file: string, totalBytes: number): Batches {
  const { RecordBatchReader } = await import('apache-arrow');
  const reader = (await RecordBatchReader.from(
    await open(file, 'r'),
  )) as AsyncRecordBatchFileReader;
  await reader.open();
  let read = 0;
  for await (const batch of reader) {
    yield { batch, bytes: Math.round((++read / reader.numRecordBatches) * totalBytes) };
  }
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
