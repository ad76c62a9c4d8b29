import type { Datatype } from './datatypes';

/** One input or output tensor of a model. */
export interface TensorSignature {
  readonly name: string;
  readonly datatype: Datatype;
  /** Dimensions, outermost first; `-1` where the size varies. `[]` is a scalar. */
  readonly shape: readonly number[];
}

/** What a model takes and gives. */
export interface ModelSignature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
}

/** A shape as people write it: `[-1,20]`; `[]` for a scalar. */
export function formatShape(shape: readonly (number | bigint)[]): string {
  return `[${shape.join(',')}]`;
}
