import { bytesPerElement } from '@manara/contract';
import { errors } from '../errors';
import type { SymbolicTensor, Tensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { Numbers } from './elements';
import { chunks, limits } from './limits';

/** What is explained: one row of one input, the others held as they are, and one output. */
export interface Subject {
  readonly model: string;
  readonly version: number;
  /** The explained input as it came; its elements are those of one row. */
  readonly input: NumericTensor;
  /** Its place among the inputs of the signature. */
  readonly place: number;
  /** Its shape without the batch dimension. */
  readonly rowShape: readonly number[];
  /** Whether one run takes many rows, along the first dimension. */
  readonly isBatched: boolean;
  /** The other inputs, in the order of the signature. */
  readonly others: readonly HeldInput[];
  readonly output: SymbolicTensor;
  /** Rows that one run takes. */
  readonly chunkRows: number;
}

export type NumericTensor = Tensor & { readonly data: Numbers };

export interface HeldInput {
  readonly tensor: Tensor;
  /** Whether it has a row for each of the explained input's rows. */
  readonly isPerRow: boolean;
}

export interface SubjectRequest {
  readonly version: number;
  /** One tensor per input of the signature, in its order. */
  readonly inputs: readonly Tensor[];
  /** Names, where the request or the version's `explain.json` has them. */
  readonly input: string | undefined;
  readonly output: string | undefined;
}

/** @throws ServingError EXPLANATION_UNSUPPORTED or FIELD_INVALID. */
export function subjectOf(signature: RequestSignature, request: SubjectRequest): Subject {
  const { model, maxBatchSize } = signature;
  const { version, inputs } = request;
  const symbolic = explainedInput(signature, request.input);
  const place = signature.inputs.indexOf(symbolic);
  const tensor = inputs[place];
  if (tensor === undefined || !isNumeric(tensor)) {
    const why = `input "${symbolic.name}" is BYTES, which has no values to take away`;
    throw errors.explanationUnsupported(model, version, why);
  }
  const hasBatch = hasBatchDimension(signature, symbolic);
  if (hasBatch && tensor.shape[0] !== 1) {
    const why = `one row is explained at a time, and input "${tensor.name}" has ${tensor.shape[0] ?? 0}`;
    throw errors.explanationUnsupported(model, version, why);
  }
  if (tensor.data.length > limits.elements) {
    const why = `input "${tensor.name}" has ${tensor.data.length} elements; at most ${limits.elements} are explained`;
    throw errors.explanationUnsupported(model, version, why);
  }
  const isBatched = hasBatch && symbolic.shape[0] === -1;
  const others = signature.inputs.flatMap((other, i): HeldInput[] => {
    const held = inputs[i];
    if (other === symbolic || held === undefined) return [];
    const isPerRow = isBatched && (maxBatchSize > 0 || sharesBatch(symbolic, other));
    return [{ tensor: held, isPerRow }];
  });
  return {
    model,
    version,
    input: tensor,
    place,
    rowShape: hasBatch ? tensor.shape.slice(1) : tensor.shape,
    isBatched,
    others,
    output: explainedOutput(signature, version, request.output),
    chunkRows: isBatched ? chunkRows(signature, tensor, others) : 1,
  };
}

/** Whether the first dimension counts rows: as declared, or as it is where nothing is. */
export function hasBatchDimension(
  { maxBatchSize }: RequestSignature,
  { shape }: SymbolicTensor,
): boolean {
  return maxBatchSize > 0 || (shape.length > 1 && (shape[0] === -1 || shape[0] === 1));
}

/**
 * The input that is explained: the one that is named, or the only one.
 *
 * @throws ServingError FIELD_INVALID
 */
export function explainedInput(
  { inputs }: RequestSignature,
  name: string | undefined,
): SymbolicTensor {
  const [only, second] = inputs;
  const found =
    name === undefined && second === undefined ? only : inputs.find((input) => input.name === name);
  if (found !== undefined) return found;
  const expected = `the input to explain, one of ${namesOf(inputs)}`;
  throw errors.fieldInvalid(
    'parameters.input',
    name === undefined ? 'nothing' : JSON.stringify(name),
    expected,
  );
}

/** The output that is named, the only one, or the only one of floating-point numbers. */
function explainedOutput(
  { model, outputs }: RequestSignature,
  version: number,
  name: string | undefined,
): SymbolicTensor {
  const numeric = outputs.filter(({ datatype }) => datatype !== 'BYTES');
  const floating = numeric.filter(({ datatype }) => datatype.startsWith('FP'));
  const candidates = numeric.length === 1 ? numeric : floating;
  const found =
    name === undefined
      ? candidates.length === 1
        ? candidates[0]
        : undefined
      : numeric.find((output) => output.name === name);
  if (found !== undefined) return found;
  const why =
    numeric.length === 0
      ? 'its outputs are all BYTES'
      : `it has several outputs; name one in "outputs", of ${namesOf(numeric)}`;
  throw errors.explanationUnsupported(model, version, why);
}

function isNumeric(tensor: Tensor): tensor is NumericTensor {
  return !Array.isArray(tensor.data);
}

/** Whether the first dimensions of two inputs are one and the same, as far as the model says. */
function sharesBatch(explained: SymbolicTensor, other: SymbolicTensor): boolean {
  return other.shape[0] === -1 && other.symbols[0] === explained.symbols[0];
}

/** Rows that come to no more than a chunk's bytes with all inputs counted; never fewer than one. */
function chunkRows(
  { maxBatchSize }: RequestSignature,
  explained: NumericTensor,
  others: readonly HeldInput[],
): number {
  const isTable = explained.shape.length <= 2 && explained.datatype.startsWith('FP');
  const most = isTable && others.length === 0 ? chunks.table : chunks.other;
  const bytes = others.reduce((sum, { tensor }) => sum + bytesOf(tensor), bytesOf(explained));
  const rows = Math.max(1, Math.min(most.rows, Math.floor(most.bytes / bytes)));
  return maxBatchSize > 0 ? Math.min(rows, maxBatchSize) : rows;
}

/** Bytes of a tensor in memory; strings by a guess. */
function bytesOf({ datatype, data }: Tensor): number {
  return data.length * (bytesPerElement(datatype) ?? 32);
}

function namesOf(tensors: readonly SymbolicTensor[]): string {
  return tensors.map(({ name }) => `"${name}"`).join(', ');
}
