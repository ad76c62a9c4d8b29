import type { Datatype } from '@manara/contract';
import { errors } from '../errors';
import { allocate, integerRange } from './datatypes';
import { nulRefused } from './decode-binary';
import { describe } from './describe';
import { numberToHalf } from './float16';
import type { TensorData } from './tensor';

/** Stores one JSON value as element `index`. @throws ServingError VALUE_INVALID */
type Store = (name: string, value: unknown, index: number) => void;

/**
 * Elements of an input from JSON: flat, or nested as its shape is.
 *
 * @param count - elements that the shape needs.
 * @throws ServingError naming the input and the element at fault.
 */
export function decodeJson(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  json: unknown,
): TensorData {
  const data = Array.isArray(json) ? (json as readonly unknown[]) : undefined;
  if (data === undefined) {
    if (shape.length > 0) {
      throw errors.nestingMismatch(
        name,
        '',
        describe(json),
        'an array, flat or nested as the shape',
      );
    }
    return decodeFlat(name, datatype, [json], 1);
  }
  if (!Array.isArray(data[0])) return decodeFlat(name, datatype, data, count);
  // The nesting is checked before anything is allocated: a shape may promise what never came.
  checkNesting(name, shape, data, 0, '');
  const out = allocate(datatype, count);
  const store = storeInto(datatype, out);
  for (const [i, value] of data.flat<readonly unknown[], number>(shape.length - 1).entries()) {
    store(name, value, i);
  }
  return out;
}

function decodeFlat(
  name: string,
  datatype: Datatype,
  data: readonly unknown[],
  count: number,
): TensorData {
  if (data.length !== count) {
    throw errors.elementCount(name, data.length, count);
  }
  const out = allocate(datatype, count);
  const store = storeInto(datatype, out);
  for (let i = 0; i < count; i++) store(name, data[i], i);
  return out;
}

/** Goes as deep as the shape has dimensions, whatever the caller sent. */
function checkNesting(
  name: string,
  shape: readonly number[],
  data: unknown,
  dimension: number,
  at: string,
): void {
  const size = shape[dimension];
  if (size === undefined) return;
  if (!Array.isArray(data) || data.length !== size) {
    throw errors.nestingMismatch(name, at, describe(data), `an array of ${size}`);
  }
  if (dimension === shape.length - 1) return;
  for (const [i, row] of (data as readonly unknown[]).entries()) {
    checkNesting(name, shape, row, dimension + 1, `${at}[${i}]`);
  }
}

function storeInto(datatype: Datatype, out: TensorData): Store {
  if (Array.isArray(out)) return storeStrings(out);
  if (out instanceof BigInt64Array || out instanceof BigUint64Array)
    return storeWide(datatype, out);
  switch (datatype) {
    case 'BOOL':
      return (name, value, i) => {
        if (typeof value !== 'boolean') throw refused(name, i, value, 'true or false');
        out[i] = value ? 1 : 0;
      };
    case 'FP16':
      return (name, value, i) => {
        const half = typeof value === 'number' ? numberToHalf(value) : 0x7c00;
        if ((half & 0x7c00) === 0x7c00) throw refused(name, i, value, 'a number within ±65504');
        out[i] = half;
      };
    case 'FP32':
    case 'FP64':
      return (name, value, i) => {
        if (typeof value !== 'number') throw refused(name, i, value, 'a number');
        out[i] = value;
        // A number too great for the datatype has become an infinity.
        if (!Number.isFinite(out[i])) throw refused(name, i, value, `a number within ${datatype}`);
      };
    default:
      return storeIntegers(datatype, out);
  }
}

function storeIntegers(
  datatype: Datatype,
  out: Exclude<TensorData, string[] | BigInt64Array | BigUint64Array>,
): Store {
  const { min, max } = integerRange[datatype] ?? { min: 0, max: 0 };
  return (name, value, i) => {
    if (!isIntegerWithin(value, min, max)) {
      throw refused(name, i, value, `an integer from ${min} to ${max}`);
    }
    out[i] = value;
  };
}

/** JSON.parse rounds past 2^53, so what it gives there may not be what the caller wrote. */
function storeWide(datatype: Datatype, out: BigInt64Array | BigUint64Array): Store {
  const min = datatype === 'UINT64' ? 0 : Number.MIN_SAFE_INTEGER;
  return (name, value, i) => {
    if (!isIntegerWithin(value, min, Number.MAX_SAFE_INTEGER)) {
      const least = min === 0 ? '0' : '-(2^53-1)';
      const rule = `an integer from ${least} to 2^53-1 (send greater ones as binary tensor data)`;
      throw refused(name, i, value, rule);
    }
    out[i] = BigInt(value);
  };
}

const loneSurrogate = /\p{Surrogate}/u;

function storeStrings(out: string[]): Store {
  return (name, value, i) => {
    if (typeof value !== 'string') throw refused(name, i, value, 'a string');
    if (loneSurrogate.test(value)) {
      throw errors.valueInvalid(name, i, 'a string with a lone surrogate', 'valid Unicode');
    }
    if (value.includes('\0')) throw errors.bytesMalformed(name, i, nulRefused);
    out[i] = value;
  };
}

function isIntegerWithin(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

function refused(name: string, index: number, value: unknown, expected: string): Error {
  return errors.valueInvalid(name, index, describe(value), expected);
}
