import { exactObject, type JsonObject, type JsonSchema, schemaRef } from './json-schema';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const columns: JsonSchema = {
  description: 'For each input the columns that make it up. Default: the column of its name.',
  type: 'object',
  additionalProperties: { anyOf: [text, { type: 'array', items: text }] },
};
const keep: JsonSchema = {
  description: 'Columns that go into the output beside those of the model.',
  type: 'array',
  items: text,
};
const onError: JsonSchema = { enum: ['fail', 'collect'], default: 'fail' };
const outputFormat: JsonSchema = { enum: ['jsonl', 'csv', 'parquet', 'arrow'] };
const output: JsonSchema = {
  description: 'File below the configured output folder that the result is written to as well.',
  type: 'string',
};

/** Media types of the files that batches take and give. */
const fileTypes = [
  'application/x-ndjson',
  'application/jsonl',
  'text/csv',
  'application/vnd.apache.parquet',
  'application/vnd.apache.arrow.stream',
  'application/vnd.apache.arrow.file',
] as const;

/** A file in the form that its media type names: no schema of JSON says more of it. */
const files: JsonObject = Object.fromEntries(fileTypes.map((type) => [type, { schema: {} }]));

/** Schemas of jobs and of orders of batches. Names and forms: docs/jobs.md. */
export const jobSchemas: Readonly<Record<string, JsonSchema>> = {
  Job: exactObject(
    {
      id: text,
      state: { enum: ['queued', 'running', 'succeeded', 'failed', 'canceled', 'expired'] },
      kind: { enum: ['infer', 'batch'] },
      model_name: text,
      model_version: text,
      created_at: time,
      started_at: time,
      finished_at: time,
      expires_at: time,
      attempts: count,
      progress: exactObject({ rows: count, bytes: count, total_bytes: count }),
      error: exactObject({ error: text, code: text }),
      callback: exactObject(
        {
          url: text,
          state: { enum: ['pending', 'delivered', 'failed'] },
          attempts: count,
          last_attempt_at: time,
          last_error: text,
        },
        ['state', 'attempts', 'last_attempt_at', 'last_error'],
      ),
      status_url: text,
      result_url: text,
    },
    [
      'model_version',
      'started_at',
      'finished_at',
      'expires_at',
      'progress',
      'error',
      'callback',
      'result_url',
    ],
  ),
  Jobs: exactObject({ jobs: { type: 'array', items: schemaRef('Job') }, next: text }, ['next']),
  BatchOrder: exactObject(
    {
      input: { description: 'File below the configured input folder.', type: 'string' },
      columns,
      keep,
      on_error: onError,
      output,
      output_format: outputFormat,
    },
    ['columns', 'keep', 'on_error', 'output', 'output_format'],
  ),
};

function query(name: string, schema: JsonSchema, description?: string): JsonObject {
  return { name, in: 'query', ...(description === undefined ? {} : { description }), schema };
}

/** Said with a file in the body; an order says it itself. */
export const uploadParameters: readonly JsonObject[] = [
  query('columns', text, 'As in an order, as JSON.'),
  query('keep', text, 'As in an order, with commas between.'),
  query('on_error', onError),
  query('output', output),
  query('output_format', outputFormat),
];

export const pageParameters: readonly JsonObject[] = [
  query('limit', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  query('after', { type: 'string', pattern: '^[0-9]{1,15}$' }, '"next" of the page before.'),
];

/** A file of rows, or an order that names one. */
export const batchBody: JsonObject = {
  required: true,
  content: { 'application/json': { schema: schemaRef('BatchOrder') }, ...files },
};

/** What the request at once would have been answered, or the file of a batch. */
export const jobResultContent: JsonObject = {
  'application/json': { schema: {} },
  'application/octet-stream': { schema: {} },
  ...files,
};
