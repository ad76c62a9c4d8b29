import type { Datatype } from '../datatypes';
import type { JsonSchema } from './json-schema';

/** Numbers from here on round to an infinity in half and in single precision. */
const halfOverflow = 65520;
const singleOverflow = 2 ** 128 - 2 ** 103;

const integerRanges: Readonly<Partial<Record<Datatype, readonly [min: number, max: number]>>> = {
  UINT8: [0, 0xff],
  UINT16: [0, 0xffff],
  UINT32: [0, 0xffff_ffff],
  INT8: [-0x80, 0x7f],
  INT16: [-0x8000, 0x7fff],
  INT32: [-0x8000_0000, 0x7fff_ffff],
};

/** What one element of a tensor is in the JSON of a request. */
export function sentElement(datatype: Datatype): JsonSchema {
  switch (datatype) {
    // JSON readers round greater ones; they are sent as binary data.
    case 'INT64':
      return integer([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
    case 'UINT64':
      return integer([0, Number.MAX_SAFE_INTEGER]);
    case 'FP16':
      return { type: 'number', exclusiveMinimum: -halfOverflow, exclusiveMaximum: halfOverflow };
    case 'FP32':
      return {
        type: 'number',
        exclusiveMinimum: -singleOverflow,
        exclusiveMaximum: singleOverflow,
      };
    case 'BYTES':
      return { type: 'string', pattern: '^[^\\u0000]*$' };
    default:
      return answeredElement(datatype);
  }
}

/** What one element of a tensor is in the JSON of an answer. */
export function answeredElement(datatype: Datatype): JsonSchema {
  switch (datatype) {
    case 'BOOL':
      return { type: 'boolean' };
    case 'BYTES':
      return { type: 'string' };
    case 'FP16':
    case 'FP32':
    case 'FP64':
      return { type: 'number' };
    default:
      return integer(integerRanges[datatype]);
  }
}

function integer(range: readonly [min: number, max: number] | undefined): JsonSchema {
  return range === undefined
    ? { type: 'integer' }
    : { type: 'integer', minimum: range[0], maximum: range[1] };
}
