/**
 * What a batch file may make the server hold. A file of kilobytes can say that it unpacks to gigabytes, so
 * that no limit on its own size bounds what it takes to read it.
 */
const mebibyte = 1024 * 1024;

/** Memory of a process that reads or writes a batch file; past it, it is ended. */
export const processMebibytes = 768;

/** Heap of such a process. What is off the heap is what the rest is for. */
export const heapMebibytes = 384;

/** A page of a Parquet file, unpacked. Writers make pages of about 1 MiB. */
export const pageBytes = 256 * mebibyte;

/** A row: a line of a text file, or about what the values of another take. */
export const rowBytes = 16 * mebibyte;

/** Rows that are handed on at once. */
export const sliceBytes = 4 * mebibyte;

/** Columns of a CSV file; others have their columns in bounds by their format. */
export const columnCount = 65_536;

/** Lists within lists. */
export const depth = 32;

/** Seconds after which a process that says nothing is taken for stuck. */
export const stalledSeconds = 120;
