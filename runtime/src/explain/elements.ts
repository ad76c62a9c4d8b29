import type { Datatype } from '@manara/contract';
import { integerRange } from '../protocol/datatypes';
import { halfToNumber, numberToHalf } from '../protocol/float16';
import type { TensorData } from '../protocol/tensor';

/** Elements that are numbers as the engine keeps them: all but BYTES. */
export type Numbers = Exclude<TensorData, string[]>;

/** Copies elements between arrays of the same type. */
export function copy(from: Numbers, start: number, count: number, to: Numbers, at: number): void {
  // The arrays are of one datatype, which their union type does not say.
  (to as Float32Array).set(from.subarray(start, start + count) as Float32Array, at);
}

/** Copies one element between arrays of the same type. */
export function copyOne(from: Numbers, index: number, to: Numbers, at: number): void {
  (to as Float32Array)[at] = (from as Float32Array)[index] ?? 0;
}

/** Writes what `rawOf` gave into `count` elements. */
export function fill(to: Numbers, raw: number | bigint, at: number, count: number): void {
  (to as BigInt64Array).fill(raw as bigint, at, at + count);
}

/** The number that an element stands for. */
export function numberAt(datatype: Datatype, data: Numbers, index: number): number {
  const raw = data[index] ?? NaN;
  return datatype === 'FP16' ? halfToNumber(Number(raw)) : Number(raw);
}

/** A number as an element of a datatype; `undefined` where it is none. */
export function rawOf(datatype: Datatype, value: number): number | bigint | undefined {
  switch (datatype) {
    case 'BYTES':
      return undefined;
    case 'FP16':
      return Number.isFinite(value) && Math.abs(value) < 65_520 ? numberToHalf(value) : undefined;
    case 'FP32':
      return Number.isFinite(Math.fround(value)) ? value : undefined;
    case 'FP64':
      return Number.isFinite(value) ? value : undefined;
    case 'BOOL':
      return value === 0 || value === 1 ? value : undefined;
    case 'INT64':
      return Number.isSafeInteger(value) ? BigInt(value) : undefined;
    case 'UINT64':
      return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
    default: {
      const { min, max } = integerRange[datatype] ?? { min: 0, max: 0 };
      return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
    }
  }
}
