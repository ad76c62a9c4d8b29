import { errors } from '../../errors';

/** Formats of batch files, with the media types and endings that name them. */
const table = {
  jsonl: { types: ['application/x-ndjson', 'application/jsonl'], endings: ['.jsonl', '.ndjson'] },
  csv: { types: ['text/csv'], endings: ['.csv'] },
  parquet: { types: ['application/vnd.apache.parquet'], endings: ['.parquet'] },
  arrow: {
    types: ['application/vnd.apache.arrow.stream', 'application/vnd.apache.arrow.file'],
    endings: ['.arrow', '.arrows', '.feather'],
  },
} as const satisfies Readonly<
  Record<
    string,
    { readonly types: readonly [string, ...string[]]; readonly endings: readonly string[] }
  >
>;

export type BatchFormat = keyof typeof table;
export const batchFormats = Object.keys(table) as readonly BatchFormat[];

export function mediaType(format: BatchFormat): string {
  return table[format].types[0];
}

/** The format that a media type, its parameters passed over, names. */
export function formatOfType(text: string | undefined): BatchFormat | undefined {
  const type = text?.split(';', 1)[0]?.trim().toLowerCase();
  return batchFormats.find((format) => table[format].types.some((known) => known === type));
}

/** The format that a file's ending names. */
export function endingFormat(file: string): BatchFormat | undefined {
  return batchFormats.find((candidate) =>
    table[candidate].endings.some((ending) => file.toLowerCase().endsWith(ending)),
  );
}

/** @throws ServingError FIELD_INVALID where the file's ending names none */
export function formatOfFile(file: string, field: string): BatchFormat {
  const format = endingFormat(file);
  if (format !== undefined) return format;
  const endings = batchFormats.flatMap((candidate) => table[candidate].endings);
  throw errors.fieldInvalid(
    field,
    JSON.stringify(file),
    `a file that ends in ${endings.join(', ')}`,
  );
}
