import type { ModelSignature } from '../signature';
import { anyOf, exactObject, type JsonSchema, openObject, schemaRef } from './json-schema';
import { inputTensor, outputTensor } from './tensors';

/** What the body of an inference is held to; `parameters` and `id` may be `null`, as clients send. */
export function inferRequest(
  { inputs, outputs }: ModelSignature,
  maxBatchSize: number,
): JsonSchema {
  return openObject(
    {
      id: { type: ['string', 'null'], description: 'Sent back as it came.' },
      inputs: {
        type: 'array',
        items: anyOf(inputs.map((input) => inputTensor(input, maxBatchSize))),
        minItems: inputs.length,
        maxItems: inputs.length,
        ...(inputs.length > 1
          ? { allOf: inputs.map(({ name }) => holds(name, { minContains: 1 })) }
          : {}),
      },
      outputs: {
        type: 'array',
        description: 'The outputs to compute. Default: all.',
        items: openObject(
          {
            name: { enum: outputs.map(({ name }) => name) },
            parameters: schemaRef('OutputParameters'),
          },
          ['parameters'],
        ),
        maxItems: outputs.length,
        ...(outputs.length > 1
          ? { allOf: outputs.map(({ name }) => holds(name, { minContains: 0, maxContains: 1 })) }
          : {}),
      },
      parameters: schemaRef('RequestParameters'),
    },
    ['id', 'outputs', 'parameters'],
  );
}

/** The JSON of an answer, whether or not binary tensors follow it. */
export function inferResponse(
  model: string,
  version: number,
  { outputs }: ModelSignature,
): JsonSchema {
  return exactObject(
    {
      model_name: { const: model },
      model_version: { const: String(version) },
      id: { type: 'string' },
      outputs: {
        type: 'array',
        items: anyOf(outputs.map(outputTensor)),
        minItems: 1,
        maxItems: outputs.length,
      },
    },
    ['id'],
  );
}

const binaryDataOutput = {
  type: ['boolean', 'null'],
  description: 'Whether outputs come as binary data after the JSON, unless they say otherwise.',
};

const binaryData = {
  type: ['boolean', 'null'],
  description: 'Whether this output comes as binary data after the JSON.',
};

/** Parameters that would change the answer if they were honoured: only what asks for nothing passes. */
const refusedParameters = Object.fromEntries(
  ['sequence_id', 'sequence_start', 'sequence_end', 'classification', 'shared_memory_region'].map(
    (name) => [name, { enum: [null, false, 0, ''] }],
  ),
);

/** Schemas that every model's inference shares. */
export const inferenceSchemas: Readonly<Record<string, JsonSchema>> = {
  RequestParameters: parameters({ binary_data_output: binaryDataOutput }),
  // In JSON alone no bytes follow that a size could be of.
  InputParameters: parameters({ binary_data_size: { not: {} } }),
  OutputParameters: parameters({ binary_data: binaryData }),
};

function parameters(known: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: ['object', 'null'], properties: { ...refusedParameters, ...known } };
}

function holds(name: string, howOften: JsonSchema): JsonSchema {
  return {
    contains: { type: 'object', properties: { name: { const: name } }, required: ['name'] },
    ...howOften,
  };
}
