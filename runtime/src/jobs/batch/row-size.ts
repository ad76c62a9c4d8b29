import { errors } from '../../errors';
import { depth, rowBytes } from './limits';
import type { Row } from './rows';

/**
 * About how many bytes a row takes: a file may name one long text in every row, and hold it once.
 *
 * @throws ServingError BATCH_FILE for a row that is too large, or nested too deep to be handed on
 */
export function sizeOf({ line, values }: Row): number {
  const size = sizeOfValue(values, line, 0);
  if (size <= rowBytes) return size;
  throw errors.batchFile(`row ${line} takes more than 16 MiB`);
}

function sizeOfValue(value: unknown, line: number, level: number): number {
  if (typeof value === 'string') return 8 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (ArrayBuffer.isView(value)) return 8 + value.byteLength;
  if (level > depth) throw errors.batchFile(`row ${line} is nested deeper than ${depth} levels`);
  let size = 8;
  for (const item of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) {
    size += sizeOfValue(item, line, level + 1);
    if (size > rowBytes) break;
  }
  return size;
}
