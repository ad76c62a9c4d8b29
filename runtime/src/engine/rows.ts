import { allocate } from '../protocol/datatypes';
import type { Tensor, TensorData } from '../protocol/tensor';

/** Rows of a request: its first dimension. */
export function rowsOf([first]: readonly Tensor[]): number {
  return first?.shape[0] ?? 1;
}

/** Bytes that tensors hold. Strings count as UTF-16. */
export function bytesOf(tensors: readonly Tensor[]): number {
  let bytes = 0;
  for (const { data } of tensors) {
    if (!Array.isArray(data)) bytes += data.byteLength;
    else for (const text of data) bytes += text.length * 2;
  }
  return bytes;
}

/**
 * One set of tensors from several that differ only in their rows, one after the other.
 *
 * @param parts - at least one; each the inputs of a request, in the same order.
 */
export function joinRows(parts: readonly (readonly Tensor[])[]): readonly Tensor[] {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? [];
  return first.map((tensor, i) => {
    const pieces = parts.map((part) => part[i] ?? tensor);
    let rows = 0;
    for (const { shape } of pieces) rows += shape[0] ?? 0;
    return withRows(tensor, rows, concatenate(tensor, pieces));
  });
}

function concatenate({ datatype, data }: Tensor, pieces: readonly Tensor[]): TensorData {
  if (Array.isArray(data)) return pieces.flatMap((piece) => piece.data as string[]);
  let length = 0;
  for (const piece of pieces) length += piece.data.length;
  const out = allocate(datatype, length) as Exclude<TensorData, string[]>;
  let offset = 0;
  for (const piece of pieces) {
    // All of one datatype, which the compiler cannot know.
    (out as Float32Array).set(piece.data as Float32Array, offset);
    offset += piece.data.length;
  }
  return out;
}

/**
 * Each request's rows of joined tensors, as views of them.
 *
 * @param rows - of each request, in order.
 * @throws RangeError where a tensor does not have as many rows as the requests together.
 */
export function splitRows(
  tensors: readonly Tensor[],
  rows: readonly number[],
): readonly (readonly Tensor[])[] {
  if (rows.length === 1) return [tensors];
  let total = 0;
  for (const count of rows) total += count;
  for (const { name, shape } of tensors) {
    if (shape[0] === total) continue;
    throw new RangeError(`"${name}" has ${shape[0] ?? 'no'} rows where ${total} went in`);
  }
  let begin = 0;
  return rows.map((count) => {
    const from = begin;
    begin += count;
    return tensors.map((tensor) => {
      const perRow = tensor.data.length / total;
      const [start, end] = [from * perRow, begin * perRow];
      const data = Array.isArray(tensor.data)
        ? tensor.data.slice(start, end)
        : tensor.data.subarray(start, end);
      return withRows(tensor, count, data);
    });
  });
}

function withRows({ name, datatype, shape }: Tensor, rows: number, data: TensorData): Tensor {
  const own = shape.slice();
  own[0] = rows;
  return { name, datatype, shape: own, data };
}
