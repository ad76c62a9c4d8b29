import { readFile, stat } from 'node:fs/promises';
import {
  type ExplanationDescription,
  explanationFile,
  formatShape,
  parseExplanation,
} from '@manara/contract';
import { allocate } from '../protocol/datatypes';
import { elementCount, type SymbolicTensor } from '../protocol/tensor';
import type { RequestSignature } from '../protocol/validate';
import type { Background } from './coalition-game';
import { fill, type Numbers, rawOf } from './elements';
import { featureSet, type Group, namedGroups } from './features';
import { limits } from './limits';
import { hasBatchDimension } from './subject';

/** Read at once when a version is loaded: some 15 ms for as much as this. */
const greatestBytes = 1024 * 1024;

/** An `explain.json`, fitted to the version that it stands beside. */
export interface VersionExplanation {
  readonly description: ExplanationDescription;
  /** The input that it is about. @default - whichever is explained: it says nothing of the row */
  readonly input: string | undefined;
  readonly groups: readonly Group[];
  /** Its rows, of the explained input's datatype. */
  readonly background: Background | undefined;
}

/**
 * Reads a version's `explain.json`.
 *
 * @returns `undefined` where there is none.
 * @throws Error naming what in it is wrong, or does not fit the model.
 */
export async function readVersionExplanation(
  file: string,
  signature: RequestSignature,
): Promise<VersionExplanation | undefined> {
  const text = await textOf(file);
  if (text === undefined) return undefined;
  try {
    return fitExplanation(signature, parseExplanation(JSON.parse(text)));
  } catch (error) {
    throw new Error(`${explanationFile}: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws Error where the description does not fit the model. */
export function fitExplanation(
  signature: RequestSignature,
  description: ExplanationDescription,
): VersionExplanation {
  const { output, features, background } = description;
  if (output !== undefined && !signature.outputs.some(({ name }) => name === output)) {
    const names = signature.outputs.map(({ name }) => `"${name}"`).join(', ');
    throw new Error(`output: the model has no output "${output}"; it has ${names}`);
  }
  const input = describedInput(signature, description);
  if (input === undefined) {
    return { description, input: undefined, groups: [], background: undefined };
  }
  const length = rowLength(signature, input);
  if (length !== undefined && features !== undefined && features.length !== length) {
    throw new Error(
      `features: there are ${features.length} names; a row of input "${input.name}" ${formatShape(input.shape)} has ${length} elements`,
    );
  }
  if (features !== undefined && new Set(features).size < features.length) {
    throw new Error('features: a name stands twice');
  }
  const groups = namedGroups(description);
  const elements = length ?? features?.length;
  if (elements !== undefined) featureSet(elements, features, groups);
  return {
    description,
    input: input.name,
    groups,
    background: background && backgroundOf(input, elements, background),
  };
}

function describedInput(
  { inputs }: RequestSignature,
  { input, features, groups, background }: ExplanationDescription,
): SymbolicTensor | undefined {
  const names = inputs.map(({ name }) => `"${name}"`).join(', ');
  const [only, second] = inputs;
  if (input !== undefined) {
    const named = inputs.find(({ name }) => name === input);
    if (named !== undefined) return named;
    throw new Error(`input: the model has no input "${input}"; it has ${names}`);
  }
  if (second === undefined) return only;
  if (features === undefined && groups === undefined && background === undefined) return undefined;
  throw new Error(`input: the model has several; say which one the rest is about, of ${names}`);
}

/** Elements of one row; `undefined` where its size varies. */
function rowLength(signature: RequestSignature, input: SymbolicTensor): number | undefined {
  const shape = hasBatchDimension(signature, input) ? input.shape.slice(1) : input.shape;
  return shape.includes(-1) ? undefined : elementCount(shape);
}

function backgroundOf(
  { name, datatype }: SymbolicTensor,
  elements: number | undefined,
  { rows, weights = rows.map(() => 1) }: NonNullable<ExplanationDescription['background']>,
): Background {
  const length = elements ?? rows[0]?.length ?? 0;
  if (datatype === 'BYTES') throw new Error(`background: input "${name}" is BYTES`);
  if (rows.length > limits.backgroundRows) {
    throw new Error(
      `background.rows: there are ${rows.length}; at most ${limits.backgroundRows} are taken`,
    );
  }
  if (weights.length !== rows.length) {
    throw new Error(`background.weights: there are ${weights.length} for ${rows.length} rows`);
  }
  const data = allocate(datatype, rows.length * length) as Numbers;
  for (const [i, row] of rows.entries()) {
    if (row.length !== length) {
      throw new Error(`background.rows.${i}: it has ${row.length} elements; expected ${length}`);
    }
    for (const [j, value] of row.entries()) {
      const raw = rawOf(datatype, value);
      if (raw === undefined) {
        throw new Error(
          `background.rows.${i}.${j}: ${value} is no ${datatype}, which input "${name}" takes`,
        );
      }
      fill(data, raw, i * length + j, 1);
    }
  }
  return { data, weights: shares(weights) };
}

/** What of it holds where a certain input and output are explained. */
export function applicable(
  explanation: VersionExplanation | undefined,
  input: string,
  output: string,
): VersionExplanation | undefined {
  if (explanation === undefined) return undefined;
  const isOfInput = explanation.input === undefined || explanation.input === input;
  const { description, groups, background } = explanation;
  const { target, ...rest } = description;
  const isOfOutput = target !== undefined && (rest.output ?? output) === output;
  const ofOutput = isOfOutput ? { target } : {};
  return isOfInput
    ? { description: { ...rest, ...ofOutput }, input, groups, background }
    : { description: ofOutput, input, groups: [], background: undefined };
}

/** Weights that add up to 1. */
export function shares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    // Whoever opens a pipe waits for its writer.
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > greatestBytes) {
      throw new Error(`it has ${stats.size} bytes; at most ${greatestBytes} are read`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new Error(`${explanationFile} cannot be read: ${code ?? message}`, { cause: error });
  }
}
