import { formatShape } from '@manara/contract';
import { errors } from '../errors';
import type { SymbolicTensor, Tensor, WireInput } from '../protocol/tensor';
import { readInputs, type RequestSignature } from '../protocol/validate';
import type { Background } from './coalition-game';
import { limits } from './limits';
import { type ExplainParameters, type ParameterValues, readParameters } from './parameters';
import type { NumericTensor } from './subject';
import { shares } from './version-explanation';

/** Inputs that carry no input of the model, but what stands for features that are not known. */
export const backgroundInput = 'background';
export const backgroundWeightsInput = 'background_weights';

/** A request for an explanation as either protocol carries it. */
export interface WireExplainRequest {
  readonly parameters: ParameterValues;
  readonly inputs: readonly WireInput[];
  readonly outputs: readonly string[];
}

/** A request for an explanation, checked as far as the signature goes. */
export interface ExplainRequest {
  /** One tensor per input of the signature, in its order. */
  readonly inputs: readonly Tensor[];
  /** @default - the model's only one, or what `explain.json` says */
  readonly output: string | undefined;
  readonly parameters: ExplainParameters;
  readonly given: ParameterValues;
  readonly background: WireInput | undefined;
  readonly backgroundWeights: WireInput | undefined;
}

/** @throws ServingError naming the field or tensor. */
export function readExplainRequest(
  signature: RequestSignature,
  { parameters, inputs, outputs }: WireExplainRequest,
): ExplainRequest {
  const isOwn = (name: string): boolean => signature.inputs.some((input) => input.name === name);
  const isBeside = ({ name }: WireInput): boolean =>
    (name === backgroundInput || name === backgroundWeightsInput) && !isOwn(name);
  const beside = inputs.filter(isBeside);
  const [background, second] = beside.filter(({ name }) => name === backgroundInput);
  const [backgroundWeights, third] = beside.filter(({ name }) => name === backgroundWeightsInput);
  const twice = second ?? third;
  if (twice !== undefined) throw errors.inputDuplicate(twice.name);
  if (outputs.length > 1) {
    throw errors.fieldInvalid('outputs', `${outputs.length} outputs`, 'one, the output to explain');
  }
  const [output] = outputs;
  if (output !== undefined && !signature.outputs.some(({ name }) => name === output)) {
    const names = signature.outputs.map(({ name }) => `"${name}"`).join(', ');
    throw errors.outputUnknown(output, signature.model, names);
  }
  return {
    parameters: readParameters(parameters),
    given: parameters,
    inputs: readInputs(
      signature,
      inputs.filter((input) => !isBeside(input)),
    ),
    output,
    background,
    backgroundWeights,
  };
}

/**
 * The background of a request: rows like the explained one, and their weights.
 *
 * @returns `undefined` where the request brings none.
 * @throws ServingError naming the tensor.
 */
export function readBackground(
  { background, backgroundWeights }: ExplainRequest,
  explained: NumericTensor,
  rowShape: readonly number[],
): Background | undefined {
  if (background === undefined) {
    if (backgroundWeights === undefined) return undefined;
    throw errors.inputMissing(backgroundInput, explained.datatype, formatShape([-1, ...rowShape]));
  }
  const rows: SymbolicTensor = {
    name: backgroundInput,
    datatype: explained.datatype,
    shape: [-1, ...rowShape],
    symbols: ['rows'],
  };
  const weights: SymbolicTensor = {
    name: backgroundWeightsInput,
    datatype: 'FP64',
    shape: [-1],
    symbols: ['rows'],
  };
  checkSize(background);
  const hasWeights = backgroundWeights !== undefined;
  const [read, readWeights] = readInputs(
    {
      model: backgroundInput,
      inputs: hasWeights ? [rows, weights] : [rows],
      outputs: [],
      maxBatchSize: 0,
    },
    hasWeights ? [background, backgroundWeights] : [background],
  );
  const { data } = read as NumericTensor;
  const count = read?.shape[0] ?? 0;
  const given =
    readWeights === undefined ? undefined : Array.from(readWeights.data as Float64Array);
  const bad = given?.findIndex((weight) => !(weight > 0 && weight < Infinity)) ?? -1;
  if (given !== undefined && bad >= 0) {
    const expected = 'a number above 0';
    throw errors.valueInvalid(backgroundWeightsInput, bad, String(given[bad]), expected);
  }
  return { data, weights: shares(given ?? new Array<number>(count).fill(1)) };
}

function checkSize({ name, shape }: WireInput): void {
  const [rows = 0] = shape;
  const elements = shape.reduce((product, size) => product * size, 1);
  if (rows <= limits.backgroundRows && elements <= limits.backgroundElements) return;
  const why = `a background has at most ${limits.backgroundRows} rows and ${limits.backgroundElements} elements`;
  throw errors.shapeInvalid(name, formatShape(shape), why);
}
