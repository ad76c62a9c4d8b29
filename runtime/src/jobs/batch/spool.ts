import { copyFile, type FileHandle, open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createReadStream } from 'node:fs';
import type { Datatype } from '@manara/contract';
import { halfToNumber } from '../../protocol/float16';
import type { Tensor } from '../../protocol/tensor';
import type { Quota } from './quota';

/** A value of an output row: numbers that JSON cannot say are texts. */
export type Cell = number | string | boolean | null;
export type OutputRow = Readonly<Record<string, unknown>>;

/**
 * What a batch job has written so far: JSON lines, which can be cut at any row and gone on with. Other
 * formats are made from it at the end.
 */
export class Spool {
  private constructor(
    private readonly file: FileHandle,
    private end: number,
    private readonly quota: Quota,
  ) {}

  /**
   * @param before - the file to go on with.
   * @param size - bytes of it that are known to be whole; what follows them is left out.
   * @throws ServingError JOB_STORE_FULL
   */
  static async open(path: string, before: string, size: number, quota: Quota): Promise<Spool> {
    const was = (await stat(path).catch(() => undefined))?.size ?? 0;
    quota.take(size - was);
    if (size > 0 && before !== path) await copyFile(before, path);
    const file = await open(path, size === 0 ? 'w+' : 'r+', 0o600);
    await file.truncate(size);
    return new Spool(file, size, quota);
  }

  /** @throws ServingError JOB_STORE_FULL */
  async append(rows: readonly OutputRow[]): Promise<void> {
    const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.quota.take(bytes.byteLength);
    // Writes all of it, or fails.
    for (let written = 0; written < bytes.byteLength;) {
      const { bytesWritten } = await this.file.write(
        bytes,
        written,
        bytes.byteLength - written,
        this.end + written,
      );
      written += bytesWritten;
    }
    this.end += bytes.byteLength;
  }

  /** @returns bytes that are on disk */
  async sync(): Promise<number> {
    await this.file.sync();
    return this.end;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

export async function* spooledRows(path: string): AsyncGenerator<OutputRow> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield JSON.parse(line) as OutputRow;
  }
}

/** The values of row `i` of `count` in an output: one, or a list. */
export function cellsOf(
  { data, shape, datatype }: Tensor,
  i: number,
  count: number,
): Cell | Cell[] {
  const size = data.length / count;
  const part = data.slice(i * size, (i + 1) * size) as ArrayLike<unknown>;
  const cells = Array.from(part, (value) => cellOf(value, datatype));
  const [only = null] = cells;
  return shape.length <= 1 || (shape.length === 2 && size === 1) ? only : cells;
}

function cellOf(value: unknown, datatype: Datatype): Cell {
  if (datatype === 'BOOL') return value === 1;
  if (datatype === 'FP16') return cellOf(halfToNumber(value as number), 'FP32');
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as Cell;
}
