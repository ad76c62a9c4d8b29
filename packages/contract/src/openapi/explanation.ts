import { datatypes } from '../datatypes';
import { explanationLinks, explanationMethods } from '../explanation';
import { exactObject, type JsonSchema, openObject, schemaRef } from './json-schema';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const shape: JsonSchema = { type: 'array', items: count };

/** Numbers and ranges of them, or one number. */
const numbers: JsonSchema = {
  type: ['string', 'integer'],
  description: 'Whole numbers, like "2,3" or "1-5,8".',
};

/** All of them optional; what a method has no use for is refused. */
const parameters: JsonSchema = exactObject(
  {
    method: { enum: explanationMethods },
    input: { type: 'string', description: 'The explained input.' },
    target: { ...count, description: "Place of the explained value in the output's row." },
    link: { enum: explanationLinks },
    seed: count,
    budget: { type: 'integer', minimum: 1, description: 'Most rows to run through the engine.' },
    deadline_ms: { type: 'integer', minimum: 1 },
    groups: { type: 'string', description: 'Elements that count as one, like "0-3;7;4,5".' },
    axes: numbers,
    window: numbers,
    stride: numbers,
    positions: numbers,
    baseline: { type: 'number' },
    binary_data_output: { type: ['boolean', 'null'] },
  },
  [
    'method',
    'input',
    'target',
    'link',
    'seed',
    'budget',
    'deadline_ms',
    'groups',
    'axes',
    'window',
    'stride',
    'positions',
    'baseline',
    'binary_data_output',
  ],
);

/** Of an answer, by datatype. */
const tensors = {
  FP64: {
    names: ['attributions', 'standard_error', 'base_value', 'prediction', 'additivity_error'],
    element: { type: 'number' },
  },
  BOOL: { names: ['known'], element: { type: 'boolean' } },
  BYTES: { names: ['feature_names'], element: text },
} as const;

const outputs = Object.entries(tensors).flatMap(([datatype, { names, element }]) => {
  const head = { name: { enum: names }, datatype: { const: datatype }, shape };
  const binary = exactObject({ binary_data_size: count });
  return [
    exactObject({ ...head, data: { type: 'array', items: element } }),
    exactObject({ ...head, parameters: binary }),
  ];
});

/** Schemas of explanations, the same for all models; what each takes is in its inference. */
export const explanationSchemas: Readonly<Record<string, JsonSchema>> = {
  ExplanationRequest: openObject(
    {
      id: { type: ['string', 'null'], description: 'Sent back as it came.' },
      inputs: {
        type: 'array',
        description:
          'One row, as for an inference; "background" and "background_weights" beside it.',
        minItems: 1,
        items: openObject(
          {
            name: text,
            datatype: { enum: datatypes },
            shape,
            data: {},
            parameters: schemaRef('InputParameters'),
          },
          ['data', 'parameters'],
        ),
      },
      outputs: {
        type: 'array',
        description: 'The output to explain.',
        maxItems: 1,
        items: openObject({ name: text, parameters: schemaRef('OutputParameters') }, [
          'parameters',
        ]),
      },
      parameters: { anyOf: [{ type: 'null' }, parameters] },
    },
    ['id', 'outputs', 'parameters'],
  ),
  Explanation: exactObject(
    {
      model_name: text,
      model_version: { type: 'string', pattern: '^[1-9][0-9]*$' },
      id: text,
      parameters: exactObject(
        {
          method: { enum: explanationMethods },
          mode: { enum: ['exact', 'sampled'] },
          complete: { type: 'boolean' },
          input: text,
          output: text,
          target: count,
          evaluations: count,
          budget: count,
          seed: count,
          link: { enum: explanationLinks },
          features: count,
          background_rows: count,
          windows: count,
        },
        ['budget', 'seed', 'link', 'features', 'background_rows', 'windows'],
      ),
      outputs: { type: 'array', minItems: 4, items: { oneOf: outputs } },
    },
    ['id'],
  ),
};
