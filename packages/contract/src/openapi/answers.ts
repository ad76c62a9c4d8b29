import { datatypes } from '../datatypes';
import { extensions, onnxPlatform } from '../protocol';
import { profileReportSchema, profileRequestSchema } from './profile';
import { statusSchema } from './status';
import { exactObject, type JsonSchema, openObject, schemaRef } from './json-schema';

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const version: JsonSchema = { type: 'string', pattern: '^[1-9][0-9]*$' };
const sizes: JsonSchema = { type: 'array', items: { type: 'integer', minimum: -1 } };

function arrayOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

const tensors = arrayOf(exactObject({ name: text, datatype: { enum: datatypes }, shape: sizes }));

const configTensors = arrayOf(
  exactObject({ name: text, data_type: { type: 'string', pattern: '^TYPE_' }, dims: sizes }),
);

const duration = schemaRef('StatisticDuration');

/** Schemas of what the server says of itself and its models. Field names are the protocol's. */
export const answerSchemas: Readonly<Record<string, JsonSchema>> = {
  ServerMetadata: exactObject({
    name: text,
    version: text,
    extensions: arrayOf({ enum: extensions }),
  }),
  ServerLive: exactObject({ live: { const: true } }),
  ServerReady: exactObject({ ready: flag }),
  ModelReady: exactObject({ name: text, ready: { const: true } }),
  ModelNotReady: exactObject({ name: text, ready: { const: false }, error: text, code: text }),
  ModelMetadata: exactObject({
    name: text,
    versions: arrayOf(version),
    platform: { const: onnxPlatform },
    inputs: tensors,
    outputs: tensors,
  }),
  ModelConfig: openObject({
    name: text,
    platform: { const: onnxPlatform },
    backend: { const: 'onnxruntime' },
    version_policy: { type: 'object', minProperties: 1, maxProperties: 1 },
    max_batch_size: count,
    input: configTensors,
    output: configTensors,
    instance_group: arrayOf(exactObject({ count, kind: { const: 'KIND_CPU' } })),
    default_model_filename: text,
  }),
  StatisticDuration: exactObject({ count, ns: count }),
  ModelStatistics: exactObject({
    model_stats: arrayOf(
      exactObject({
        name: text,
        version,
        last_inference: count,
        inference_count: count,
        execution_count: count,
        inference_stats: exactObject({
          success: duration,
          fail: duration,
          queue: duration,
          compute_infer: duration,
        }),
        batch_stats: arrayOf(
          exactObject({ batch_size: { type: 'integer', minimum: 1 }, compute_infer: duration }),
        ),
      }),
    ),
  }),
  RepositoryIndex: arrayOf(
    exactObject(
      {
        name: text,
        version: { type: 'string', pattern: '^([1-9][0-9]*)?$' },
        state: { enum: ['LOADING', 'READY', 'UNLOADING', 'UNAVAILABLE'] },
        reason: text,
      },
      ['version', 'state', 'reason'],
    ),
  ),
  Status: statusSchema,
  Profile: profileReportSchema,
  Done: exactObject({}),
  Document: { type: 'object', required: ['openapi', 'info', 'paths'] },
};

/** Schemas of the bodies that control the repository. */
export const controlSchemas: Readonly<Record<string, JsonSchema>> = {
  ProfileRequest: profileRequestSchema,
  RepositoryIndexRequest: openObject({ ready: { type: ['boolean', 'null'] } }, ['ready']),
  FeedbackRequest: {
    ...openObject(
      { id: text, reward: { type: 'number' }, outcome: { type: ['string', 'number', 'boolean'] } },
      ['reward', 'outcome'],
    ),
    anyOf: [{ required: ['reward'] }, { required: ['outcome'] }],
  },
  Feedback: exactObject({ model_name: text, model_version: version, variant: text }),
  RepositoryLoadRequest: openObject(
    { parameters: { type: ['object', 'null'], maxProperties: 0 } },
    ['parameters'],
  ),
  RepositoryUnloadRequest: openObject(
    {
      parameters: {
        type: ['object', 'null'],
        properties: { unload_dependents: { type: ['boolean', 'null'] } },
      },
    },
    ['parameters'],
  ),
};
