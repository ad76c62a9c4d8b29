import { formatShape, type TensorSignature } from '@manara/contract';
import type { RequestSignature } from '../protocol/validate';

type Tensors = Pick<RequestSignature, 'inputs' | 'outputs' | 'maxBatchSize'>;

/**
 * Why a model cannot stand in for another: it has to take whatever the other takes, and give what it gives.
 *
 * @returns `undefined` where it can.
 */
export function incompatibility(asked: Tensors, standIn: Tensors): string | undefined {
  for (const input of asked.inputs) {
    const own = standIn.inputs.find(({ name }) => name === input.name);
    if (own === undefined) return `it has no input "${input.name}"`;
    const takes =
      sameRank(input, own) && own.shape.every((size, i) => within(input.shape[i], size));
    if (own.datatype !== input.datatype || !takes) {
      return `its input "${input.name}" is ${show(own)}, which does not take ${show(input)}`;
    }
  }
  const more = standIn.inputs.find(({ name }) => !asked.inputs.some((one) => one.name === name));
  if (more !== undefined) return `it needs an input "${more.name}"`;
  const outputs = outputFault(asked, standIn.outputs);
  if (outputs !== undefined) return outputs;
  const { maxBatchSize } = standIn;
  return maxBatchSize > 0 && maxBatchSize < asked.maxBatchSize
    ? `its max_batch_size is ${maxBatchSize}, less than ${asked.maxBatchSize}`
    : undefined;
}

/** Why outputs cannot stand for those of a model. A size that varies on either side may be any. */
export function outputFault(
  { outputs }: Pick<Tensors, 'outputs'>,
  given: readonly TensorSignature[],
): string | undefined {
  for (const output of outputs) {
    const own = given.find(({ name }) => name === output.name);
    if (own === undefined) return `it has no output "${output.name}"`;
    const fits =
      sameRank(output, own) &&
      own.shape.every((size, i) => size === -1 || within(size, output.shape[i] ?? -1));
    if (own.datatype !== output.datatype || !fits) {
      return `its output "${output.name}" is ${show(own)}; expected ${show(output)}`;
    }
  }
  return undefined;
}

/** Whether a size, or any where it varies, is one that is allowed. */
function within(size: number | undefined, allowed: number): boolean {
  return allowed === -1 || size === allowed;
}

function sameRank(a: TensorSignature, b: TensorSignature): boolean {
  return a.shape.length === b.shape.length;
}

function show({ datatype, shape }: TensorSignature): string {
  return `${datatype} ${formatShape(shape)}`;
}
