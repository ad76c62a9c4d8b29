import { exactObject, type JsonSchema, openObject } from './json-schema';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const amount: JsonSchema = { type: 'number', minimum: 0 };
const amountOrNone: JsonSchema = { type: ['number', 'null'], minimum: 0 };

const spread = { p50: amountOrNone, p99: amountOrNone };
const time = { name: text, calls: amount, ms: amount, share: amount };

/** The body of `POST /v2/admin/profile`. */
export const profileRequestSchema: JsonSchema = openObject(
  {
    model: text,
    version: text,
    seconds: { type: 'integer', minimum: 1, maximum: 60, default: 10 },
  },
  ['version', 'seconds'],
);

/** What it answers. */
export const profileReportSchema: JsonSchema = exactObject({
  model: text,
  version: text,
  seconds: amount,
  event_loop_delay_ms: exactObject({ ...spread, max: amount }),
  requests: count,
  runs: count,
  rows_per_run: {
    type: 'array',
    items: exactObject({ most: { type: ['integer', 'null'], minimum: 1 }, runs: count }),
  },
  queue_ms: exactObject(spread),
  compute_ms: exactObject(spread),
  busy_share: amount,
  operators: exactObject({
    shapes_of_traffic: { type: 'boolean' },
    shapes: { type: 'object', additionalProperties: { type: 'array', items: count } },
    runs: count,
    ms: amount,
    by_operator: { type: 'array', items: exactObject(time) },
    by_node: { type: 'array', items: exactObject({ ...time, operator: text }) },
  }),
});
