import type { Datatype } from '@manara/contract';
import { errors } from '../errors';
import { allocate, integerRange } from './datatypes';
import { decodeUtf8 } from './decode-binary';
import type { TensorData, TypedContents } from './tensor';

type Field = keyof TypedContents;

/** Which field of gRPC's `InferTensorContents` carries a datatype. Source: Open Inference Protocol v2. */
const fieldOf: Readonly<Record<Datatype, Field | undefined>> = {
  BOOL: 'bool_contents',
  UINT8: 'uint_contents',
  UINT16: 'uint_contents',
  UINT32: 'uint_contents',
  UINT64: 'uint64_contents',
  INT8: 'int_contents',
  INT16: 'int_contents',
  INT32: 'int_contents',
  INT64: 'int64_contents',
  FP16: undefined,
  FP32: 'fp32_contents',
  FP64: 'fp64_contents',
  BYTES: 'bytes_contents',
};

/** Field that carries a datatype; `undefined` for FP16, which has none. */
export function contentsFieldOf(datatype: Datatype): Field | undefined {
  return fieldOf[datatype];
}

/**
 * Elements of an input from gRPC's typed contents.
 *
 * @param count - elements that the shape needs.
 * @throws ServingError naming the input and the field or element at fault.
 */
export function decodeTyped(
  name: string,
  datatype: Datatype,
  count: number,
  contents: TypedContents,
): TensorData {
  const field = fieldOf[datatype];
  if (field === undefined) {
    throw errors.contentsMixed(
      `input "${name}" is ${datatype}, which has no typed contents; send raw_input_contents`,
    );
  }
  const filled = (Object.keys(contents) as Field[]).find(
    (other) => other !== field && contents[other].length > 0,
  );
  if (filled !== undefined) {
    throw errors.fieldInvalid(`inputs["${name}"].contents`, filled, `${field} for ${datatype}`);
  }
  const received = contents[field].length;
  if (received !== count) throw errors.elementCount(name, received, count);
  return convert(name, datatype, count, contents);
}

function convert(
  name: string,
  datatype: Datatype,
  count: number,
  contents: TypedContents,
): TensorData {
  switch (datatype) {
    case 'BYTES':
      return contents.bytes_contents.map((bytes, i) => decodeUtf8(name, i, bytes));
    case 'BOOL':
      return Uint8Array.from(contents.bool_contents, Number);
    case 'INT64':
      return BigInt64Array.from(contents.int64_contents, BigInt);
    case 'UINT64':
      return BigUint64Array.from(contents.uint64_contents, BigInt);
    case 'FP32':
      return Float32Array.from(contents.fp32_contents);
    case 'FP64':
      return Float64Array.from(contents.fp64_contents);
    default:
      return integers(name, datatype, count, contents);
  }
}

/** Narrow types travel in 32 bits, so a value may be out of the range of its datatype. */
function integers(
  name: string,
  datatype: Datatype,
  count: number,
  contents: TypedContents,
): TensorData {
  const { min, max } = integerRange[datatype] ?? { min: 0, max: 0 };
  const values = min < 0 ? contents.int_contents : contents.uint_contents;
  const out = allocate(datatype, count) as Exclude<
    TensorData,
    string[] | BigInt64Array | BigUint64Array
  >;
  for (const [i, value] of values.entries()) {
    if (value < min || value > max) {
      throw errors.valueInvalid(name, i, `${value}`, `an integer from ${min} to ${max}`);
    }
    out[i] = value;
  }
  return out;
}
