import type { Datatype } from '@manara/contract';
import type { SymbolicTensor, Tensor } from '../protocol/tensor';
import { type InferenceSession, OrtTensor } from './onnxruntime';

/** onnxruntime's name for each datatype. */
export const ortType = {
  BOOL: 'bool',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  UINT64: 'uint64',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FP16: 'float16',
  FP32: 'float32',
  FP64: 'float64',
  BYTES: 'string',
} as const satisfies Readonly<Record<Datatype, OrtTensor.Type>>;

const datatypeOf = new Map<string, Datatype>(
  Object.entries(ortType).map(([datatype, type]) => [type, datatype as Datatype]),
);

/** @throws Error naming a type that cannot be served. */
export function datatypeOfOrt(name: string, type: string): Datatype {
  const datatype = datatypeOf.get(type);
  if (datatype === undefined) {
    throw new Error(`"${name}" has element type ${type}, which the protocol has no datatype for`);
  }
  return datatype;
}

/** Tensors as the engine takes them, by name. */
export function toOrt(tensors: readonly Tensor[]): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {};
  for (const { name, datatype, data, shape } of tensors) {
    feeds[name] = new OrtTensor(ortType[datatype], data, shape);
  }
  return feeds;
}

/** @throws Error for what is no tensor, or one that cannot be served. */
export function fromOrt(name: string, value: unknown): Tensor {
  if (!isTensor(value)) throw new Error(`output "${name}" is not a tensor`);
  const { type, dims, data } = value;
  return { name, datatype: datatypeOfOrt(name, type), shape: dims, data };
}

function isTensor(value: unknown): value is OrtTensor {
  return value instanceof OrtTensor;
}

/** What a session says that it takes and gives. */
export interface SessionSignature {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
}

/** @throws Error naming an input or output that cannot be served. */
export function signatureOf(session: InferenceSession): SessionSignature {
  return {
    inputs: session.inputMetadata.map((tensor) => describeTensor('input', tensor)),
    outputs: session.outputMetadata.map((tensor) => describeTensor('output', tensor)),
  };
}

function describeTensor(role: string, metadata: InferenceSession.ValueMetadata): SymbolicTensor {
  if (!metadata.isTensor) {
    throw new Error(
      `${role} "${metadata.name}" is a sequence or a map, not a tensor; export the model without it (skl2onnx: zipmap=False)`,
    );
  }
  // onnxruntime-node keeps tensors in plain objects, where a property of this name is no property.
  if (metadata.name === '__proto__') {
    throw new Error(`${role} "__proto__" cannot be served; rename it in the model`);
  }
  return {
    name: metadata.name,
    datatype: datatypeOfOrt(`${role} ${metadata.name}`, metadata.type),
    shape: metadata.shape.map((size) => (typeof size === 'number' ? size : -1)),
    symbols: metadata.shape.map((size) =>
      typeof size === 'string' && size !== '' ? size : undefined,
    ),
  };
}

/** Session options of every session that the server makes. */
export function sessionOptions(intraOpThreads: number): InferenceSession.SessionOptions {
  return {
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Fatal only. ONNX Runtime writes past our log: warnings on every batch of an export that does
    // not keep its shapes, and errors, which we are thrown as well, with tensor values in them.
    logSeverityLevel: 4,
  };
}

/** Of sessions of a graph that the engine optimized before: it is taken as it stands. */
export function optimizedOptions(intraOpThreads: number): InferenceSession.SessionOptions {
  return { ...sessionOptions(intraOpThreads), graphOptimizationLevel: 'disabled' };
}
