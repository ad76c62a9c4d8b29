import { formatShape } from '@manara/contract';
import { errors } from '../errors';
import { decodeBinary } from './decode-binary';
import { decodeJson } from './decode-json';
import { decodeTyped } from './decode-typed';
import {
  elementCount,
  type InferRequest,
  type SymbolicTensor,
  type Tensor,
  type TensorData,
  type WireInput,
} from './tensor';
import type { Urgency } from './urgency';

/** What a version takes and gives, as requests are checked against it. */
export interface RequestSignature {
  readonly model: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** Greatest first dimension; 0 where the model does not batch, and nothing is checked. */
  readonly maxBatchSize: number;
}

/** A request that the model can be run on. */
export interface CheckedRequest {
  /** The caller's own name for it. @default - none */
  readonly id?: string | undefined;
  /** One tensor per input of the signature, in its order. */
  readonly inputs: readonly Tensor[];
  /** Names of the outputs to compute, in the order asked for. */
  readonly outputs: readonly string[];
  /** @default - as everyone, whenever */
  readonly urgency?: Urgency | undefined;
}

/**
 * @param id - the caller's own name for it. @default - none
 * @throws ServingError naming the tensor, what was received and what is expected.
 */
export function checkRequest(
  signature: RequestSignature,
  { inputs, outputs, urgency }: InferRequest,
  id?: string,
): CheckedRequest {
  return {
    id,
    inputs: readInputs(signature, inputs),
    outputs: chooseOutputs(signature, outputs),
    urgency,
  };
}

/**
 * Elements that the BYTES inputs of one request may have together. Strings are copied between
 * threads one by one: 65,536 of them hold the I/O thread up for some 30 ms (Node.js 20).
 */
const maxStrings = 65_536;

/**
 * Checks a request's inputs against the signature, then decodes them: nothing is allocated for a
 * tensor that the model would refuse.
 *
 * @returns one tensor per input of the signature, in its order.
 * @throws ServingError naming the tensor, what was received and what is expected.
 */
export function readInputs(
  signature: RequestSignature,
  received: readonly WireInput[],
): readonly Tensor[] {
  const ordered = matchNames(signature, received);
  const sizes = new Map<string, { readonly input: string; readonly size: number }>();
  for (const { expected, input } of ordered) {
    if (input.datatype !== expected.datatype) {
      throw errors.datatypeMismatch(input.name, input.datatype, expected.datatype);
    }
    checkShape(expected, input, sizes);
    checkBatch(signature, ordered, input);
  }
  checkStrings(ordered);
  return ordered.map(({ expected, input }) => decode(expected, input));
}

interface Matched {
  readonly expected: SymbolicTensor;
  readonly input: WireInput;
}

function matchNames(signature: RequestSignature, received: readonly WireInput[]): Matched[] {
  const seen = new Set<string>();
  for (const { name } of received) {
    if (seen.has(name)) throw errors.inputDuplicate(name);
    seen.add(name);
    if (!signature.inputs.some((expected) => expected.name === name)) {
      throw errors.inputUnknown(name, signature.model, namesOf(signature.inputs));
    }
  }
  return signature.inputs.map((expected) => {
    const input = received.find(({ name }) => name === expected.name);
    if (input === undefined) {
      throw errors.inputMissing(expected.name, expected.datatype, showShape(expected));
    }
    return { expected, input };
  });
}

function checkShape(
  expected: SymbolicTensor,
  { name, shape }: WireInput,
  sizes: Map<string, { readonly input: string; readonly size: number }>,
): void {
  if (shape.length !== expected.shape.length) {
    throw errors.shapeMismatch(name, formatShape(shape), showShape(expected));
  }
  for (const [i, size] of shape.entries()) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw errors.shapeInvalid(name, formatShape(shape), `${size} is not a size`);
    }
    const fixed = expected.shape[i];
    if (fixed !== -1 && fixed !== size) {
      throw errors.shapeMismatch(name, formatShape(shape), showShape(expected));
    }
    if (size === 0)
      throw errors.shapeInvalid(name, formatShape(shape), 'empty tensors are refused');
    const symbol = expected.symbols[i];
    if (symbol === undefined) continue;
    const before = sizes.get(symbol);
    if (before !== undefined && before.size !== size) {
      const why = `"${symbol}" is ${before.size} in input "${before.input}" and ${size} here`;
      throw errors.shapeInvalid(name, formatShape(shape), why);
    }
    sizes.set(symbol, { input: name, size });
  }
}

function checkBatch(
  { maxBatchSize }: RequestSignature,
  [first]: readonly Matched[],
  { name, shape }: WireInput,
): void {
  if (maxBatchSize === 0 || first === undefined) return;
  const batch = shape[0] ?? 0;
  if (batch > maxBatchSize) throw errors.batchTooLarge(name, batch, maxBatchSize);
  if (batch !== first.input.shape[0]) {
    const why = `its batch differs from that of input "${first.input.name}", ${first.input.shape[0] ?? 0}`;
    throw errors.shapeInvalid(name, formatShape(shape), why);
  }
}

function checkStrings(ordered: readonly Matched[]): void {
  let count = 0;
  for (const { expected, input } of ordered) {
    if (expected.datatype === 'BYTES') count += elementCount(input.shape) ?? 0;
  }
  if (count > maxStrings) throw errors.stringsTooMany(count, maxStrings);
}

function decode({ datatype }: SymbolicTensor, { name, shape, content }: WireInput): Tensor {
  const count = elementCount(shape);
  if (count === undefined) {
    throw errors.shapeInvalid(name, formatShape(shape), 'its elements are too many to count');
  }
  return { name, datatype, shape, data: decodeContent() };

  function decodeContent(): TensorData {
    const elements = count ?? 0;
    switch (content.kind) {
      case 'json':
        return decodeJson(name, datatype, shape, elements, content.data);
      case 'binary':
        return decodeBinary(name, datatype, elements, content.bytes);
      case 'typed':
        return decodeTyped(name, datatype, elements, content.contents);
      case 'none':
        throw errors.dataMissing(name);
    }
  }
}

/**
 * The outputs to compute, in the order asked for; all of the signature's where none is named.
 *
 * @throws ServingError OUTPUT_UNKNOWN or OUTPUT_DUPLICATE.
 */
export function chooseOutputs(
  signature: RequestSignature,
  asked: readonly string[],
): readonly string[] {
  if (asked.length === 0) return signature.outputs.map(({ name }) => name);
  const seen = new Set<string>();
  for (const name of asked) {
    if (seen.has(name)) throw errors.outputDuplicate(name);
    seen.add(name);
    if (!signature.outputs.some((output) => output.name === name)) {
      throw errors.outputUnknown(name, signature.model, namesOf(signature.outputs));
    }
  }
  return asked;
}

function namesOf(tensors: readonly SymbolicTensor[]): string {
  return tensors.map(({ name }) => `"${name}"`).join(', ');
}

function showShape(expected: SymbolicTensor): string {
  const note = expected.shape.includes(-1) ? ' (-1: any size)' : '';
  return `${formatShape(expected.shape)}${note}`;
}
