import {
  type Datatype,
  formatShape,
  type ModelSignature,
  type TensorSignature,
} from '@manara/contract';
import { type Message, Word } from './text-format';

/** A tensor as a model's configuration has it. */
export interface TritonTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** Without the batch where the model batches; at least one, `-1` where it varies. */
  readonly dims: readonly number[];
  /** Set where the model itself has no dimension left: Triton knows no empty shape. */
  readonly isScalar: boolean;
}

/** What a model takes and gives, in Triton's terms. */
export interface TritonSignature {
  /** Whether the first dimension of every tensor is a batch. */
  readonly batches: boolean;
  readonly inputs: readonly TritonTensor[];
  readonly outputs: readonly TritonTensor[];
}

/** Whether each row of a request is one of a batch: the first dimension of every tensor varies. */
export function canBatch({ inputs, outputs }: ModelSignature): boolean {
  return inputs.length > 0 && [...inputs, ...outputs].every(({ shape }) => shape[0] === -1);
}

/**
 * @param batches whether the first dimension is left to Triton
 * @throws RangeError for a dimension that Triton does not have, naming the tensor
 */
export function tritonSignature(signature: ModelSignature, batches: boolean): TritonSignature {
  const tensor = ({ name, datatype, shape }: TensorSignature): TritonTensor => {
    if (shape.some((dim) => dim !== -1 && dim < 1)) {
      throw new RangeError(
        `"${name}" has shape ${formatShape(shape)}; Triton has none that is empty`,
      );
    }
    const own = batches ? shape.slice(1) : shape;
    return { name, datatype, dims: own.length === 0 ? [1] : own, isScalar: own.length === 0 };
  };
  return {
    batches,
    inputs: signature.inputs.map(tensor),
    outputs: signature.outputs.map(tensor),
  };
}

/** Dimensions as a caller sees them. */
export function fullDims({ dims }: TritonTensor, batches: boolean): readonly number[] {
  return batches ? [-1, ...dims] : dims;
}

/** Source: Triton Inference Server, "Model Configuration", Datatypes; read 2026-11. */
export function dataType(datatype: Datatype): Word {
  return new Word(datatype === 'BYTES' ? 'TYPE_STRING' : `TYPE_${datatype}`);
}

/** A `ModelInput` or `ModelOutput`. */
export function tensorMessage({ name, datatype, dims, isScalar }: TritonTensor): Message {
  return {
    name,
    data_type: dataType(datatype),
    dims,
    ...(isScalar ? { reshape: { shape: [] } } : {}),
  };
}
