import { errors } from '../errors';
import { checkParameters } from '../protocol/parameters';
import type { Content, WireInput } from '../protocol/tensor';
import { urgencyOf } from '../protocol/urgency';
import { type CheckedRequest, checkRequest, type RequestSignature } from '../protocol/validate';
import {
  asArray,
  asObject,
  asSize,
  asString,
  type JsonObject,
  optionalBoolean,
  optionalObject,
  parseJson,
} from './fields';

/** An inference as it came over REST, with how its answer is to be written. */
export interface HttpInferRequest extends CheckedRequest {
  /** Sent back as it came. */
  readonly id: string | undefined;
  /** Outputs that go into the binary part of the reply. */
  readonly binary: ReadonlySet<string>;
}

/**
 * Reads an inference request: JSON, followed by binary tensors where `jsonLength` is shorter
 * than the body.
 *
 * @throws ServingError BODY_NOT_JSON, FIELD_INVALID, HEADER_INVALID, BINARY_UNCLAIMED,
 *   PARAMETER_UNSUPPORTED, or what the tensors are refused for.
 */
export function readInferRequest(
  signature: RequestSignature,
  body: Buffer,
  jsonLength: number,
): HttpInferRequest {
  const parsed = parseRequest(body, jsonLength);
  const { id, parameters, inputs, outputs } = parsed;
  const urgency = urgencyOf(parameters.timeout, parameters.priority);
  const checked = checkRequest(signature, { inputs, outputs, urgency });
  const binary = binaryOutputs(checked.outputs, parsed);
  return { id, inputs: checked.inputs, outputs: checked.outputs, urgency, binary };
}

/** A request as it is written, its tensors not held to any signature yet. */
export interface ParsedRequest {
  readonly id: string | undefined;
  readonly parameters: JsonObject;
  readonly inputs: readonly WireInput[];
  readonly outputs: readonly string[];
  /** Whether an output was asked for in the binary part of the reply, or in neither. */
  readonly binary: ReadonlyMap<string, boolean | undefined>;
  readonly binaryByDefault: boolean;
}

/** @throws ServingError */
export function parseRequest(body: Buffer, jsonLength: number): ParsedRequest {
  const json = asObject(parseJson(body.subarray(0, jsonLength)), '(body)');
  const parameters = supportedParameters(json.parameters, 'parameters');
  const inputs = parseInputs(json.inputs, body.subarray(jsonLength));
  const binaryByDefault =
    optionalBoolean(parameters.binary_data_output, 'parameters.binary_data_output') ?? false;
  const asked = json.outputs === undefined ? [] : asArray(json.outputs, 'outputs').map(parseOutput);
  const id = json.id === undefined || json.id === null ? undefined : asString(json.id, 'id');
  return {
    id,
    parameters,
    inputs,
    outputs: asked.map(([name]) => name),
    binary: new Map(asked),
    binaryByDefault,
  };
}

/** Those of the outputs that go into the binary part of the reply. */
export function binaryOutputs(
  outputs: readonly string[],
  { binary, binaryByDefault }: Pick<ParsedRequest, 'binary' | 'binaryByDefault'>,
): ReadonlySet<string> {
  // The usual request asks for none, and is spared a set of its own.
  if (binary.size === 0 && !binaryByDefault) return none;
  return new Set(outputs.filter((name) => binary.get(name) ?? binaryByDefault));
}

const none: ReadonlySet<string> = new Set();

function parseOutput(value: unknown, i: number): [name: string, binary: boolean | undefined] {
  const at = `outputs[${i}]`;
  const output = asObject(value, at);
  const { binary_data: binary } = supportedParameters(output.parameters, `${at}.parameters`);
  return [
    asString(output.name, `${at}.name`),
    optionalBoolean(binary, `${at}.parameters.binary_data`),
  ];
}

function parseInputs(json: unknown, binary: Buffer): WireInput[] {
  let offset = 0;
  const inputs = asArray(json, 'inputs').map((value, i): WireInput => {
    const at = `inputs[${i}]`;
    const input = asObject(value, at);
    const { binary_data_size: size } = supportedParameters(input.parameters, `${at}.parameters`);
    const name = asString(input.name, `${at}.name`);
    return {
      name,
      datatype: asString(input.datatype, `${at}.datatype`),
      shape: asArray(input.shape, `${at}.shape`).map((dim, d) => asSize(dim, `${at}.shape[${d}]`)),
      content: size === undefined ? jsonContent(input) : take(size, input, at),
    };
  });
  if (offset < binary.byteLength) throw errors.binaryUnclaimed(binary.byteLength - offset);
  return inputs;

  function take(size: unknown, input: JsonObject, at: string): Content {
    const length = asSize(size, `${at}.parameters.binary_data_size`);
    if (input.data !== undefined) {
      throw errors.fieldInvalid(`${at}.data`, 'data beside binary_data_size', 'one or the other');
    }
    const left = binary.byteLength - offset;
    if (length > left) {
      throw errors.byteLength(
        asString(input.name, `${at}.name`),
        left,
        length,
        'its binary_data_size',
      );
    }
    offset += length;
    return { kind: 'binary', bytes: binary.subarray(offset - length, offset) };
  }
}

function jsonContent({ data }: JsonObject): Content {
  return data === undefined ? { kind: 'none' } : { kind: 'json', data };
}

const noParameters: JsonObject = {};

function supportedParameters(value: unknown, at: string): JsonObject {
  const parameters = optionalObject(value, at);
  if (parameters === undefined) return noParameters;
  checkParameters(Object.keys(parameters), (name) => Boolean(parameters[name]));
  return parameters;
}
