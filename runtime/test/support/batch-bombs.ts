import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { CompressionCodec, Encoding } from 'hyparquet';

const mebibyte = 1024 * 1024;

/** A file that is small, and would be large to read. */
export interface BatchBomb {
  readonly name: string;
  readonly type: string;
  readonly make: () => Promise<Uint8Array>;
  /** What its refusal says. */
  readonly expected: RegExp;
  /** Whether it takes seconds to fill the memory. @default false */
  readonly isSlow?: true;
}

const parquet = 'application/vnd.apache.parquet';
const tooMuch = /to read it takes more than 768 MiB/;

/** Its column is `x`, FP32 for the model that is asked. */
export const batchBombs: readonly BatchBomb[] = [
  {
    name: 'a Brotli page of zeros that says it is small',
    type: parquet,
    make: () => onePage({ codec: 'BROTLI', page: brotliZeros(), size: 24 }),
    expected: /a page unpacks to more than the 24 bytes that it says/,
  },
  {
    name: 'a gzip page of zeros that says it is small',
    type: parquet,
    make: () => onePage({ codec: 'GZIP', page: gzipSync(Buffer.alloc(64 * mebibyte)), size: 24 }),
    expected: /a page unpacks to more than the 24 bytes that it says/,
  },
  {
    name: 'a Zstandard page of zeros that says it is small',
    type: parquet,
    make: () => onePage({ codec: 'ZSTD', page: zstdZeros(), size: 24 }),
    expected: /a page unpacks to more than the 24 bytes that it says/,
  },
  {
    name: 'a Snappy page that says it is 2 GiB',
    type: parquet,
    make: () => onePage({ codec: 'SNAPPY', page: Buffer.alloc(24), size: 2 ** 31 - 1 }),
    expected: /a page unpacks to 2147483647 bytes; at most 268435456 are read/,
  },
  {
    name: 'differences of no width for a billion values',
    type: parquet,
    make: () => onePage({ encoding: 'DELTA_BINARY_PACKED', page: endless(), values: 1e9 }),
    expected: tooMuch,
  },
  {
    name: 'one run for a billion values',
    isSlow: true,
    type: parquet,
    make: () => onePage({ encoding: 'RLE_DICTIONARY', page: run(), values: 1e9 }),
    expected: tooMuch,
  },
  {
    name: 'a line of JSON without end',
    type: 'application/x-ndjson',
    make: () => Promise.resolve(Buffer.alloc(24 * mebibyte, '1')),
    expected: /line 1 is over 16 MiB long/,
  },
  {
    name: 'a line of JSON within bounds that fills the heap',
    isSlow: true,
    type: 'application/x-ndjson',
    make: () => Promise.resolve(Buffer.from(`{"x":[${'[[]],'.repeat(3 * mebibyte)}1]}`)),
    expected: /to read it takes more than 768 MiB|row 1 takes more than 16 MiB/,
  },
  {
    name: 'lists in lists in lists',
    type: 'application/x-ndjson',
    make: () => Promise.resolve(Buffer.from(`{"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`)),
    expected: /row 1 is nested deeper than 32 levels/,
  },
  {
    name: 'a CSV record of fields without end',
    type: 'text/csv',
    make: () => Promise.resolve(Buffer.alloc(24 * mebibyte, ',')),
    expected: /record 1 has more than 65536 fields/,
  },
  {
    name: 'a CSV field of lines without end',
    type: 'text/csv',
    make: () => Promise.resolve(Buffer.from(`x\n"${'\n'.repeat(24 * mebibyte)}`)),
    expected: /record 2 is over 16 MiB long/,
  },
];

interface Page {
  readonly codec?: CompressionCodec;
  readonly encoding?: Encoding;
  readonly page: Uint8Array;
  /** Of the page unpacked, as its header says. @default - that of the page */
  readonly size?: number;
  readonly values?: number;
}

/** A Parquet file of one page, whose header says what it is told to. */
export async function onePage({
  codec = 'UNCOMPRESSED',
  encoding = 'PLAIN',
  page,
  size = page.byteLength,
  values = 3,
}: Page): Promise<Uint8Array> {
  const { ByteWriter } = await import('hyparquet-writer');
  const { writePageHeader } = await import('hyparquet-writer/src/datapage.js');
  const { writeMetadata } = await import('hyparquet-writer/src/metadata.js');
  const magic = 0x31524150;
  const writer = new ByteWriter();
  writer.appendUint32(magic);
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: size,
    compressed_page_size: page.byteLength,
    data_page_header: {
      num_values: values,
      encoding,
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  });
  writer.appendBytes(page);
  const bytes = BigInt(writer.offset - 4);
  const type = 'INT64';
  const chunk = {
    type,
    encodings: [encoding],
    path_in_schema: ['x'],
    codec,
    num_values: BigInt(values),
    total_uncompressed_size: bytes,
    total_compressed_size: bytes,
    data_page_offset: 4n,
  } as const;
  writeMetadata(writer, {
    version: 2,
    schema: [
      { name: 'root', num_children: 1 },
      { name: 'x', type, repetition_type: 'REQUIRED' },
    ],
    num_rows: BigInt(values),
    row_groups: [
      {
        columns: [
          {
            file_offset: 4n,
            meta_data: { ...chunk, encodings: [encoding], path_in_schema: ['x'] },
          },
        ],
        total_byte_size: bytes,
        num_rows: BigInt(values),
      },
    ],
    metadata_length: 0,
  });
  writer.appendUint32(magic);
  return new Uint8Array(writer.getBuffer());
}

function brotliZeros(): Uint8Array {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 2 };
  return brotliCompressSync(Buffer.alloc(256 * mebibyte), { params });
}

/** A frame of 2000 blocks, each of them 128 KiB of zeros. Source: RFC 8878, section 3.1.1. */
function zstdZeros(): Uint8Array {
  const blocks = Array.from({ length: 2000 }, (_, i) => {
    const isLast = i === 1999 ? 1 : 0;
    const header = (131_072 << 3) | (1 << 1) | isLast;
    return [header & 0xff, (header >> 8) & 0xff, header >> 16, 0];
  });
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 24, 0, 0, 0, ...blocks.flat()]);
}

/** Header and one block of differences: 2^28 values a block, all in one part, none of any width. */
function endless(): Uint8Array {
  const varint = (value: number): readonly number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  const block = [0, 0];
  const blocks = Array.from({ length: 8 }, () => block).flat();
  return Uint8Array.from([...varint(2 ** 28), 1, ...varint(1e9), 2, ...blocks]);
}

/** Width of one bit, then 2^30 times the same. */
function run(): Uint8Array {
  return Uint8Array.from([1, 0x80, 0x80, 0x80, 0x80, 0x08, 1]);
}
