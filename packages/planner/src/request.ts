import { bytesPerElement, type ModelSignature, type TensorSignature } from '@manara/contract';
import { servingFacts as facts } from './serving-facts';

/** The largest request that a server admits, and what it may cost. */
export interface LargestRequest {
  /** Largest request body, in bytes. */
  readonly maxBytes: number;
  /** Memory that a request of that size takes at most besides the idle server, in bytes. */
  readonly memoryBytes: number;
  readonly memoryIsEstimated: boolean;
}

export interface RequestLimits {
  /**
   * Largest request body, in bytes.
   * @default - what 256 rows take as JSON, each further varying dimension counted as 128; less
   * where half a gibibyte could not hold such a request, and never less than one row takes as
   * binary tensor data
   */
  readonly maxBytes?: number;
  /**
   * Measured memory of a request of that size, in bytes.
   * @default - estimated by `requestMemoryPerByte`
   */
  readonly memoryBytes?: number;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Rows of the largest sensible request, and the size of each further dimension that varies. */
const sensible = { rows: 256, varying: 128 } as const;
/** Room for names, shapes and brackets. */
const requestHeadBytes = 4 * kibibyte;
/** A number as JSON with its comma: FP64 takes up to 24 characters and a comma. */
const jsonElementBytes = 25;
/** Default limits are multiples of this, and at least one. */
const stepBytes = 64 * kibibyte;
/** More memory than this for one request is for the user to ask for. */
const memoryBudget = 512 * mebibyte;
/** Default for a model of which nothing is known. */
const unknownMaxBytes = mebibyte;
/** Size of a BYTES element, whose length varies: a string object in JavaScript, and one in C++. */
const textElementBytes = 64;

/**
 * The largest request that a server of these versions admits.
 *
 * @param signatures of each version; `undefined` where only the server will know it
 */
export function largestRequest(
  signatures: readonly (ModelSignature | undefined)[],
  limits: RequestLimits = {},
): LargestRequest {
  const perByte = Math.max(...signatures.map(requestMemoryPerByte));
  const maxBytes = limits.maxBytes ?? Math.max(...signatures.map(defaultMaxBytes));
  return {
    maxBytes,
    memoryBytes: limits.memoryBytes ?? Math.ceil(maxBytes * perByte),
    memoryIsEstimated: limits.memoryBytes === undefined,
  };
}

/**
 * Memory that each byte of a request's body may come to, at most: the body and what it is parsed to,
 * the tensors, what the model computes from them, and the reply. A byte can be half an element, `0,`
 * in JSON, and a whole one of an integer that gRPC packs.
 *
 *     read + elements × (widest element × activations + outputs per input × reply)
 *
 * Outputs per input element are counted with every varying dimension at the same size: exact where
 * only the batch varies or a sequence is answered item by item, too many for a network that answers
 * in larger steps than it reads, too few for one whose answer grows with the square of its input or
 * that computes much more than it takes (attention over long sequences). A measurement is right for
 * all of them.
 */
export function requestMemoryPerByte(signature: ModelSignature | undefined): number {
  if (signature === undefined) return facts.requestMemoryPerByte;
  const { inputs, outputs } = signature;
  const perByte = Math.max(0, ...inputs.map((input) => elementsPerByte(input)));
  const widest = Math.max(0, ...inputs.map(elementBytes));
  const outputsPerInput = elementsOf(outputs, 1, 1) / Math.max(1, elementsOf(inputs, 1, 1));
  return (
    facts.requestReadFactor +
    perByte * (widest * facts.activationFactor + outputsPerInput * facts.replyElementBytes)
  );
}

function defaultMaxBytes(signature: ModelSignature | undefined): number {
  if (signature === undefined) return unknownMaxBytes;
  const { rows, varying } = sensible;
  const { inputs } = signature;
  const wanted = requestHeadBytes + elementsOf(inputs, rows, varying) * jsonElementBytes;
  const affordable = memoryBudget / requestMemoryPerByte(signature);
  const oneRow =
    requestHeadBytes +
    inputs.reduce((sum, input) => sum + elementsOf([input], 1, varying) * elementBytes(input), 0);
  const bytes =
    wanted <= affordable ? roundUp(wanted) : Math.max(roundDown(affordable), roundUp(oneRow));
  return Math.max(bytes, stepBytes);
}

/** Elements of some tensors, the first dimension being rows where it varies. */
function elementsOf(tensors: readonly TensorSignature[], rows: number, varying: number): number {
  const sizeOf = (size: number, i: number): number => {
    if (size !== -1) return size;
    return i === 0 ? rows : varying;
  };
  return tensors.reduce(
    (sum, { shape }) => sum + shape.map(sizeOf).reduce((product, size) => product * size, 1),
    0,
  );
}

function elementBytes({ datatype }: TensorSignature): number {
  return bytesPerElement(datatype) ?? textElementBytes;
}

function elementsPerByte({ datatype }: TensorSignature): number {
  const isFloat = datatype.startsWith('FP');
  return isFloat || datatype === 'BYTES' ? 1 / 2 : 1;
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / stepBytes) * stepBytes;
}

function roundDown(bytes: number): number {
  return Math.floor(bytes / stepBytes) * stepBytes;
}
