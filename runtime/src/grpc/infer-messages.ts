import { errors } from '../errors';
import { contentsFieldOf } from '../protocol/decode-typed';
import { encodeBinary, toTyped } from '../protocol/encode';
import { checkParameters } from '../protocol/parameters';
import { urgencyOf } from '../protocol/urgency';
import type { Content, InferRequest, InferResponse, Tensor, WireInput } from '../protocol/tensor';
import type {
  InferInput,
  InferOutput,
  ModelInferRequest,
  ModelInferResponse,
  Parameters,
  ParameterValue,
} from './messages';

/**
 * Elements that typed contents of an answer may have: encoding them holds the I/O thread up, for about
 * a microsecond each (Node.js 20).
 */
const maxTypedElements = 1_048_576;

/**
 * Reads an inference request.
 *
 * @throws ServingError CONTENTS_MIXED, SHAPE_INVALID or PARAMETER_UNSUPPORTED.
 */
export function readInferRequest(message: ModelInferRequest): InferRequest {
  check(message.parameters);
  const raw = message.raw_input_contents;
  if (raw.length > 0 && raw.length !== message.inputs.length) {
    throw errors.contentsMixed(
      `${message.inputs.length} inputs, ${raw.length} entries in raw_input_contents`,
    );
  }
  return {
    inputs: message.inputs.map((input, i) => readInput(input, raw[i])),
    outputs: message.outputs.map(({ name, parameters }) => {
      check(parameters);
      return name;
    }),
    urgency: urgencyOf(
      valueOf(message.parameters, 'timeout'),
      valueOf(message.parameters, 'priority'),
    ),
  };
}

function readInput(input: InferInput, raw: Buffer | undefined): WireInput {
  const { name, datatype, parameters } = input;
  check(parameters);
  const shape = input.shape.map((size) => {
    if (Number.isSafeInteger(Number(size))) return Number(size);
    throw errors.shapeInvalid(name, `[${input.shape.join(',')}]`, `${size} is not a size`);
  });
  return { name, datatype, shape, content: contentOf(input, raw) };
}

function contentOf({ name, contents }: InferInput, raw: Buffer | undefined): Content {
  if (raw === undefined) {
    return contents === null ? { kind: 'none' } : { kind: 'typed', contents };
  }
  if (contents !== null) {
    throw errors.contentsMixed(`input "${name}" has contents beside raw_input_contents`);
  }
  // A copy: the message lies in memory that other requests may share, at no particular alignment.
  return { kind: 'binary', bytes: new Uint8Array(raw) };
}

function check(parameters: Parameters): void {
  checkParameters(Object.keys(parameters), (name) => {
    const value = valueOf(parameters, name);
    return value !== '0' && Boolean(value);
  });
}

function valueOf(parameters: Parameters, name: string): unknown {
  const parameter = parameters[name];
  if (parameter === undefined) return undefined;
  const { parameter_choice: choice, ...values } = parameter;
  return (values as Readonly<Record<string, unknown>>)[choice ?? ''];
}

/**
 * Writes an answer: raw where the request was raw, typed where it was typed; raw also where an
 * output is FP16, which has no typed form.
 *
 * @throws ServingError OUTPUT_TOO_LARGE
 */
export function writeInferResponse(
  response: InferResponse,
  request: ModelInferRequest,
): ModelInferResponse {
  const { outputs } = response;
  const isRaw =
    request.raw_input_contents.length > 0 ||
    outputs.some(({ datatype }) => contentsFieldOf(datatype) === undefined);
  const elements = outputs.reduce((sum, { data }) => sum + data.length, 0);
  if (!isRaw && elements > maxTypedElements) {
    const advice = 'send raw_input_contents, and the answer is raw as well';
    throw errors.outputTooLarge('typed contents', `${maxTypedElements} elements`, advice);
  }
  const message = {
    model_name: response.model,
    model_version: String(response.version),
    id: request.id,
    outputs: outputs.map((tensor) => writeOutput(tensor, isRaw)),
    raw_output_contents: isRaw ? outputs.map(encodeBinary) : [],
  };
  const { parameters } = response;
  return parameters === undefined
    ? message
    : { ...message, parameters: messageParameters(parameters) };
}

function messageParameters(values: NonNullable<InferResponse['parameters']>): Parameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, ParameterValue] => {
      if (typeof value === 'string') return [name, { string_param: value }];
      if (typeof value === 'boolean') return [name, { bool_param: value }];
      return [
        name,
        Number.isSafeInteger(value) ? { int64_param: String(value) } : { double_param: value },
      ];
    }),
  );
}

function writeOutput({ name, datatype, shape, data }: Tensor, isRaw: boolean): InferOutput {
  const field = contentsFieldOf(datatype);
  if (isRaw || field === undefined) return { name, datatype, shape };
  return { name, datatype, shape, contents: { [field]: toTyped(datatype, data) } };
}
