import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Decompress } from 'fzstd';
import type { FileMetaData } from 'hyparquet';
import { errors } from '../../errors';
import { pageBytes } from './limits';
import type { RowReader } from './rows';
import { counted, type Slice } from './slices';

/** Rows that are decoded at once. */
const sliceRows = 8192;

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

export function parquetRows(
  file: string,
  totalBytes: number,
  columns: readonly string[],
): RowReader {
  return counted(slicesOf(file, totalBytes, columns));
}

async function* slicesOf(
  file: string,
  totalBytes: number,
  wanted: readonly string[],
): AsyncGenerator<Slice> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, snappyUncompress } =
    await import('hyparquet');
  // Node itself has it from version 22.15 on.
  const { Decompress } = await import('fzstd');
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer);
  const snappy: Unpack = (packed, size) => {
    const page = new Uint8Array(size);
    snappyUncompress(packed, page);
    return page;
  };
  const compressors = {
    SNAPPY: inBounds(snappy),
    GZIP: inBounds((packed, size) => gunzipSync(packed, { maxOutputLength: size })),
    BROTLI: inBounds((packed, size) => brotliDecompressSync(packed, { maxOutputLength: size })),
    ZSTD: inBounds((packed, size) => unpackZstd(Decompress, packed, size)),
  };
  const columns = columnsOf(metadata, wanted);
  const count = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < count; rowStart += sliceRows) {
    const rowEnd = Math.min(count, rowStart + sliceRows);
    const range = { file: buffer, metadata, compressors, rowStart, rowEnd, ...columns };
    const values = await parquetReadObjects(range);
    yield { values, bytes: Math.round((rowEnd / count) * totalBytes) };
  }
}

/** A page that unpacks to what its header says, and to no more than is ever needed. */
function inBounds(unpack: Unpack): Unpack {
  return (packed, size) => {
    if (size > pageBytes) {
      throw errors.batchFile(`a page unpacks to ${size} bytes; at most ${pageBytes} are read`);
    }
    if (size === 0) return new Uint8Array();
    try {
      return unpack(packed, size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
      throw tooLarge(size);
    }
  };
}

function tooLarge(size: number): Error {
  return errors.batchFile(`a page unpacks to more than the ${size} bytes that it says`);
}

/** Block by block: in one go the library cuts off what does not fit, and says nothing. */
function unpackZstd(Stream: typeof Decompress, packed: Uint8Array, size: number): Uint8Array {
  const page = new Uint8Array(size);
  let end = 0;
  const stream = new Stream((block) => {
    if (end + block.byteLength > size) throw tooLarge(size);
    page.set(block, end);
    end += block.byteLength;
  });
  stream.push(packed, true);
  return page.subarray(0, end);
}

/** Columns that nobody asks for are not unpacked; where one is not there, all are, to be told of. */
function columnsOf(
  { row_groups: [group] }: FileMetaData,
  wanted: readonly string[],
): { readonly columns?: string[] } {
  const there = new Set(group?.columns.map((column) => column.meta_data?.path_in_schema[0]));
  return wanted.every((name) => there.has(name)) ? { columns: [...new Set(wanted)] } : {};
}
