import type { RowReader } from './rows';

/** Some rows of a file that is not text. */
export interface Slice {
  readonly values: Iterable<Readonly<Record<string, unknown>>>;
  /** Bytes of the file that are read with it. */
  readonly bytes: number;
}

/** Numbers the rows; how far the file is read is known at the end of each slice. */
export function counted(slices: AsyncIterable<Slice>): RowReader {
  let read = 0;
  const rows = (async function* () {
    let line = 0;
    for await (const { values, bytes } of slices) {
      for (const value of values) yield { line: ++line, values: value };
      read = bytes;
    }
  })();
  return { rows, bytes: () => read };
}
