import type { Datatype, TensorSignature } from '@manara/contract';
import type { Urgency } from './urgency';

/** Element storage of a tensor as the engine takes and gives it. FP16 stands as its bits. */
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | string[];

/** A tensor ready for the engine, or fresh from it. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Fields of gRPC's `InferTensorContents`, decoded; each empty unless the caller filled it. */
export interface TypedContents {
  readonly bool_contents: readonly boolean[];
  readonly int_contents: readonly number[];
  readonly int64_contents: readonly string[];
  readonly uint_contents: readonly number[];
  readonly uint64_contents: readonly string[];
  readonly fp32_contents: readonly number[];
  readonly fp64_contents: readonly number[];
  readonly bytes_contents: readonly Uint8Array[];
}

/** The elements of an input as they came over the wire, not decoded yet. */
export type Content =
  | { readonly kind: 'json'; readonly data: unknown }
  /** The buffer below belongs to this request alone: it moves to the engine's thread uncopied. */
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'typed'; readonly contents: TypedContents }
  | { readonly kind: 'none' };

/** An input as a caller sent it; nothing about it is checked yet but its JavaScript types. */
export interface WireInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly content: Content;
}

/** What an inference was asked for, whatever protocol it came over. */
export interface InferRequest {
  readonly inputs: readonly WireInput[];
  /** Names of the outputs that the caller wants; empty for all. */
  readonly outputs: readonly string[];
  /** @default - as everyone, whenever */
  readonly urgency?: Urgency | undefined;
}

export interface InferResponse {
  readonly model: string;
  readonly version: number;
  readonly outputs: readonly Tensor[];
  /** What is said of the answer as a whole. @default - nothing */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

/** A signature whose dimensions may carry the name that the model gives them. */
export interface SymbolicTensor extends TensorSignature {
  /** Name of each dimension, `undefined` where it has none or its size is fixed. */
  readonly symbols: readonly (string | undefined)[];
}

/** Elements of a shape; `undefined` past 2^53, where the product is no longer exact. */
export function elementCount(shape: readonly number[]): number | undefined {
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(count)) return undefined;
  }
  return count;
}
