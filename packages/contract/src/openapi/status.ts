import { exactObject, type JsonSchema } from './json-schema';

const text: JsonSchema = { type: 'string' };
const flag: JsonSchema = { type: 'boolean' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const amount: JsonSchema = { type: 'number', minimum: 0 };
const amountOrNone: JsonSchema = { type: ['number', 'null'], minimum: 0 };
const textOrNone: JsonSchema = { type: ['string', 'null'] };

/** What `GET /v2/status` answers. */
export const statusSchema: JsonSchema = exactObject({
  server: exactObject({
    version: text,
    ready: flag,
    draining: flag,
    uptime_seconds: amount,
    inference_threads: count,
    busy_share: amount,
    resident_bytes: count,
    event_loop_p99_ms: amountOrNone,
  }),
  models: {
    type: 'array',
    items: exactObject({
      name: text,
      version: text,
      state: text,
      reason: text,
      requests: count,
      failed: count,
      recent: {
        oneOf: [
          { type: 'null' },
          exactObject({
            requests_per_second: amount,
            rows_per_run: amountOrNone,
            p50_ms: amountOrNone,
            p99_ms: amountOrNone,
            queue_p99_ms: amountOrNone,
          }),
        ],
      },
    }),
  },
  failures: {
    type: 'array',
    items: exactObject({
      code: text,
      model: textOrNone,
      version: textOrNone,
      count,
      last: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T' },
    }),
  },
});
