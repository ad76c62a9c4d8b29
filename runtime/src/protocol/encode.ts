import type { Datatype } from '@manara/contract';
import { errors } from '../errors';
import { halfToNumber } from './float16';
import type { Tensor, TensorData } from './tensor';

/** Bytes of a tensor in the binary extension: little-endian elements, or lengths and UTF-8 for BYTES. */
export function encodeBinary({ data }: Tensor): Buffer {
  if (!Array.isArray(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const parts: Buffer[] = [];
  for (const text of data) {
    const bytes = Buffer.from(text, 'utf8');
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(bytes.byteLength);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/**
 * A tensor's elements as a flat JSON array.
 *
 * Joined by hand: for numbers the text is that of `JSON.stringify`, five times as fast, and the
 * sign of a zero survives. INT64 and UINT64 come out with all their digits.
 *
 * @throws ServingError OUTPUT_NOT_JSON for NaN and infinities.
 */
export function encodeJson({ name, datatype, data }: Tensor): string {
  if (Array.isArray(data)) return JSON.stringify(data);
  switch (datatype) {
    case 'BOOL':
      return `[${Array.from(data as Uint8Array, (bit) => (bit ? 'true' : 'false')).join(',')}]`;
    case 'FP16':
      return joinFloats(name, Float32Array.from(data as Uint16Array, halfToNumber));
    case 'FP32':
    case 'FP64':
      return joinFloats(name, data as Float32Array | Float64Array);
    default:
      return `[${data.join(',')}]`;
  }
}

/** Most characters that one element can take in JSON, its comma counted in. */
const longestElement: Readonly<Record<Exclude<Datatype, 'BYTES'>, number>> = {
  BOOL: 6,
  UINT8: 4,
  INT8: 5,
  UINT16: 6,
  INT16: 7,
  UINT32: 11,
  INT32: 12,
  UINT64: 21,
  INT64: 21,
  // -0.0000012345678901234567: smaller numbers are written with an exponent.
  FP16: 26,
  FP32: 26,
  FP64: 26,
};

/** What the text of `encodeJson` cannot be longer than, in characters. */
export function greatestJsonLength({ datatype, data }: Tensor): number {
  if (datatype !== 'BYTES') return data.length * longestElement[datatype];
  // A control character becomes six, and each string has its quotes and a comma.
  let length = 0;
  for (const text of data as readonly string[]) length += text.length * 6 + 3;
  return length;
}

function joinFloats(name: string, values: Float32Array | Float64Array): string {
  let negativeZero = false;
  for (const value of values) {
    if (!Number.isFinite(value)) throw errors.outputNotJson(name);
    if (value === 0 && Object.is(value, -0)) negativeZero = true;
  }
  if (!negativeZero) return `[${values.join(',')}]`;
  return `[${Array.from(values, (v) => (Object.is(v, -0) ? '-0.0' : String(v))).join(',')}]`;
}

/** Elements of a tensor as plain JavaScript values, for gRPC's typed contents. */
export function toTyped(datatype: Datatype, data: TensorData): readonly unknown[] {
  if (Array.isArray(data)) return data.map((text) => Buffer.from(text, 'utf8'));
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, (bit) => bit !== 0);
  if (data instanceof BigInt64Array) return Array.from(data, String);
  if (data instanceof BigUint64Array) return Array.from(data, String);
  return Array.from(data);
}
