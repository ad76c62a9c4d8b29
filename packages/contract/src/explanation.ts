import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { schemaFaults } from './schema-faults';

/** File in a version's folder, beside the model, that says how the version is explained. */
export const explanationFile = 'explain.json';

export const explanationMethods = ['kernel_shap', 'permutation', 'occlusion'] as const;
export type ExplanationMethod = (typeof explanationMethods)[number];

export const explanationLinks = ['identity', 'logit'] as const;
export type ExplanationLink = (typeof explanationLinks)[number];

const name = Type.String({ minLength: 1, maxLength: 256 });
const sizes = Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 8 });

/**
 * JSON Schema of `explain.json`: what a request for an explanation may leave out, and the names that
 * its answer bears.
 */
export const explanationSchema = Type.Object(
  {
    method: Type.Optional(Type.Union(explanationMethods.map((method) => Type.Literal(method)))),
    input: Type.Optional(Type.String({ minLength: 1, description: 'The explained input.' })),
    output: Type.Optional(Type.String({ minLength: 1, description: 'The explained output.' })),
    target: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Place of the explained value in the output's row. Default: the greatest.",
      }),
    ),
    link: Type.Optional(Type.Union(explanationLinks.map((link) => Type.Literal(link)))),
    features: Type.Optional(
      Type.Array(name, {
        minItems: 1,
        description: "Names of the elements of the input's row, in their order.",
      }),
    ),
    groups: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name,
            features: Type.Array(Type.Union([name, Type.Integer({ minimum: 0 })]), {
              minItems: 1,
              description: 'Names, or places from 0.',
            }),
          },
          { additionalProperties: false },
        ),
        {
          minItems: 1,
          description: 'Features that are explained as one. The others stand for themselves.',
        },
      ),
    ),
    background: Type.Optional(
      Type.Object(
        {
          rows: Type.Array(Type.Array(Type.Number(), { minItems: 1 }), {
            minItems: 1,
            description: 'Rows that stand for a feature that is not known, each flat.',
          }),
          weights: Type.Optional(
            Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
              minItems: 1,
              description: 'Weight of each row. Default: the same.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    baseline: Type.Optional(
      Type.Number({
        description: 'Value that covers what occlusion covers: a grey, a mask token.',
      }),
    ),
    axes: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), {
        minItems: 1,
        maxItems: 8,
        description: 'Dimensions of the row that occlusion moves along.',
      }),
    ),
    window: Type.Optional(sizes),
    stride: Type.Optional(sizes),
  },
  { additionalProperties: false, $id: 'https://manara.dev/schemas/explain.json' },
);

export type ExplanationDescription = Static<typeof explanationSchema>;

/**
 * Checks a parsed `explain.json` by itself; what has to fit the model is the server's to check.
 *
 * @throws Error naming each key at fault, the value received and what is allowed.
 */
export function parseExplanation(value: unknown): ExplanationDescription {
  if (Value.Check(explanationSchema, value)) return value;
  throw new Error(schemaFaults(explanationSchema, value).slice(0, 10).join('; '));
}
