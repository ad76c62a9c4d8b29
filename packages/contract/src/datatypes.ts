/**
 * Tensor element types of the Open Inference Protocol v2.
 *
 * `bytes` is the size of one element in the binary tensor extension; `undefined` for BYTES, whose
 * elements are a little-endian uint32 length followed by that many bytes.
 *
 * Source: Open Inference Protocol v2, "Tensor Data Types"; read 2026-11.
 */
const elementBytes = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: undefined,
} as const;

/** Name of a tensor element type, as it stands in requests, responses and model metadata. */
export type Datatype = keyof typeof elementBytes;

export const datatypes = Object.keys(elementBytes) as readonly Datatype[];

/** Bytes of one element, or `undefined` where elements vary in length (BYTES). */
export function bytesPerElement(datatype: Datatype): number | undefined {
  return elementBytes[datatype];
}

export function isDatatype(text: string): text is Datatype {
  return Object.hasOwn(elementBytes, text);
}

/** ONNX `TensorProto.DataType` numbers that the server can serve. Source: onnx.proto3, read 2026-11. */
const onnxElementTypes: Readonly<Record<number, Datatype>> = {
  1: 'FP32',
  2: 'UINT8',
  3: 'INT8',
  4: 'UINT16',
  5: 'INT16',
  6: 'INT32',
  7: 'INT64',
  8: 'BYTES',
  9: 'BOOL',
  10: 'FP16',
  11: 'FP64',
  12: 'UINT32',
  13: 'UINT64',
};

/** The datatype for an ONNX element type number, or `undefined` for one that cannot be served. */
export function datatypeOfOnnx(elementType: number): Datatype | undefined {
  return onnxElementTypes[elementType];
}
