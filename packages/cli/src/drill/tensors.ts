import { isDatatype, type TensorSignature } from '@manara/contract';
import { messageOf } from '../cli-error';
import { parseExactJson } from './exact-json';
import { excerpt } from './site-client';

export type Element = number | string | boolean;

/** A tensor with its elements in row-major order. INT64 beyond ±(2^53-1) stands as text. */
export interface Tensor extends TensorSignature {
  readonly data: readonly Element[];
}

/** An answer that is not what the protocol says. */
export class NonsenseError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NonsenseError';
  }
}

/**
 * Inputs of a model, from the answer to its metadata.
 *
 * @throws NonsenseError
 */
export function readInputs(text: string): readonly TensorSignature[] {
  return listIn(text, 'inputs').map(signature);
}

/**
 * Outputs of an answer to an inference, checked to be one of the version that was asked.
 *
 * @throws NonsenseError
 */
export function readOutputs(text: string, version: number): readonly Tensor[] {
  const { model_version: answering } = objectOf(parse(text), 'the answer');
  if (answering !== undefined && shownJson(answering).replaceAll('"', '') !== String(version)) {
    throw new NonsenseError(`model_version: expected ${version}, received ${shownJson(answering)}`);
  }
  return listIn(text, 'outputs').map((value, i) => {
    const tensor = signature(value, i);
    const data = flat((value as { readonly data?: unknown }).data);
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    if (data?.length !== size) {
      const received = data === undefined ? 'no list of them' : `${data.length}`;
      throw new NonsenseError(
        `output "${tensor.name}": expected ${size} elements, received ${received}`,
      );
    }
    return { ...tensor, data };
  });
}

function parse(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw new NonsenseError(`no JSON: ${excerpt(messageOf(error))}`);
  }
}

function listIn(text: string, key: 'inputs' | 'outputs'): readonly unknown[] {
  const list = objectOf(parse(text), 'the answer')[key];
  if (Array.isArray(list) && list.length > 0) return list;
  throw new NonsenseError(`${key}: expected a list, received ${shownJson(list)}`);
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new NonsenseError(`${what}: expected an object, received ${shownJson(value)}`);
}

function signature(value: unknown, i: number): TensorSignature {
  const { name, datatype, shape } = objectOf(value, `tensor ${i}`);
  if (typeof name !== 'string') throw new NonsenseError(`tensor ${i}: has no name`);
  if (typeof datatype !== 'string' || !isDatatype(datatype)) {
    throw new NonsenseError(`tensor "${excerpt(name)}": unknown datatype ${shownJson(datatype)}`);
  }
  if (!isShape(shape)) {
    throw new NonsenseError(`tensor "${excerpt(name)}": shape ${shownJson(shape)} is none`);
  }
  return { name, datatype, shape };
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isInteger(size) && size >= -1);
}

/** The elements of a list that may be nested as the shape; `undefined` where it is none. */
function flat(value: unknown): readonly Element[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const elements: readonly unknown[] = value.flat(Infinity);
  return elements.every(isElement) ? elements : undefined;
}

function isElement(value: unknown): value is Element {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

function shownJson(value: unknown): string {
  return value === undefined ? 'nothing' : excerpt(JSON.stringify(value));
}
