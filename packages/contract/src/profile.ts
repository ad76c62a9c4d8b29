import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { schemaFaults } from './schema-faults';

const time = (description: string) => Type.Number({ minimum: 0, description });

const point = Type.Object(
  {
    batch: Type.Integer({ minimum: 1, description: 'Rows of each request.' }),
    concurrency: Type.Integer({ minimum: 1, description: 'Requests under way at once.' }),
    requests: Type.Integer({ minimum: 1, description: 'Requests that were answered and timed.' }),
    rowsPerSecond: time('Rows answered, a second.'),
    p50Millis: time('Of requests, measured by the caller.'),
    p99Millis: time('Of requests, measured by the caller.'),
    queueMillis: time('Mean wait of a request for its run.'),
    runMillis: time('Mean time of a run inside the engine.'),
    rowsPerRun: time('Mean rows of a run: the server may join requests.'),
  },
  { additionalProperties: false },
);

/**
 * JSON Schema of a model's profile: what `manara profile` writes and the planner reads. Times are in
 * milliseconds.
 */
export const profileSchema = Type.Object(
  {
    profile: Type.Literal(1, { description: 'Version of this form.' }),
    model: Type.String({ minLength: 1 }),
    version: Type.String({ minLength: 1 }),
    measuredAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T', description: 'ISO 8601.' }),
    server: Type.String({ description: 'Version of the server.' }),
    node: Type.Optional(
      Type.Object(
        {
          cpu: Type.String(),
          cores: Type.Integer({ minimum: 1 }),
          memoryBytes: Type.Integer({ minimum: 1 }),
          platform: Type.String({ description: 'Such as "linux x64".' }),
          nodejs: Type.String(),
        },
        {
          additionalProperties: false,
          description: 'The machine, where the server ran on the one that measured.',
        },
      ),
    ),
    serviceTimeMillis: Type.Number({
      exclusiveMinimum: 0,
      description: 'Mean run of one row with nothing beside it: the time of one inference.',
    }),
    coldStartSeconds: Type.Optional(
      time('From the start of the server until it answered, with this model alone.'),
    ),
    points: Type.Array(point, { minItems: 1 }),
  },
  { additionalProperties: false, $id: 'https://manara.dev/schemas/profile.json' },
);

export type Profile = Static<typeof profileSchema>;
export type ProfilePoint = Static<typeof point>;

/** A profile that the schema refuses. Lists every fault, not just the first. */
export class ProfileError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The profile is not valid:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ProfileError';
  }
}

/**
 * Checks a parsed profile.
 *
 * @throws ProfileError naming each key at fault, the value received and what is allowed.
 */
export function parseProfile(value: unknown): Profile {
  if (Value.Check(profileSchema, value)) return value;
  throw new ProfileError(schemaFaults(profileSchema, value));
}
