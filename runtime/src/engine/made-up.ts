import type { Datatype } from '@manara/contract';
import { allocate } from '../protocol/datatypes';
import {
  elementCount,
  type SymbolicTensor,
  type Tensor,
  type TensorData,
} from '../protocol/tensor';

/** Size of a dimension that varies and is not the first, where the model leaves it open. */
const openSize = 8;

/** Inputs of so many rows, all zero: as good as any for finding out how long a run takes. */
export function zeros(inputs: readonly SymbolicTensor[], rows: number): readonly Tensor[] {
  return inputs.map(({ name, datatype, shape }) => {
    const sized = shape.map((size, i) => (size === -1 ? (i === 0 ? rows : 1) : size));
    return { name, datatype, shape: sized, data: allocate(datatype, elementCount(sized) ?? 0) };
  });
}

/**
 * Inputs of so many rows with values that look arbitrary and are the same for the same seed. Integers
 * are small, as they may be places in a table.
 *
 * @param greatest - integers are at most this.
 */
export function madeUp(
  inputs: readonly SymbolicTensor[],
  rows: number,
  seed: number,
  greatest: number,
): readonly Tensor[] {
  const next = generator(seed);
  return inputs.map(({ name, datatype, shape }) => {
    const sized = shape.map((size, i) => (size === -1 ? (i === 0 ? rows : openSize) : size));
    const data = allocate(datatype, elementCount(sized) ?? 0);
    fill(datatype, data, next, greatest);
    return { name, datatype, shape: sized, data };
  });
}

function fill(datatype: Datatype, data: TensorData, next: () => number, greatest: number): void {
  const whole = (most: number): number => Math.floor(next() * (most + 1));
  for (let i = 0; i < data.length; i++) {
    if (Array.isArray(data)) data[i] = String.fromCharCode(97 + whole(greatest));
    else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      data[i] = BigInt(whole(greatest));
    } else if (datatype === 'FP32' || datatype === 'FP64') data[i] = next() * 4 - 2;
    // Halves from 1 to 2, and their negatives.
    else if (datatype === 'FP16') data[i] = 0x3c00 | whole(0x3ff) | (whole(1) << 15);
    else data[i] = whole(datatype === 'BOOL' ? 1 : greatest);
  }
}

/** Numbers from 0 to 1, the same for the same seed. Mulberry32, by Tommy Ettinger, public domain. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
