import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { schemaFaults, show } from './schema-faults';

/** Mode of the server that makes an API key. */
export const newKeyCommand = 'new-key';

const apiKey = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{16}$',
      description: 'The part of the key that is no secret.',
    }),
    caller: Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: '^[^:]+$',
      description:
        'Who bears it. Without a colon: names with one are those of tokens and certificates.',
    }),
    groups: Type.Optional(Type.Array(Type.String({ minLength: 1, pattern: '^[^:]+$' }))),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Digest of the whole key.' }),
    expires: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z$',
        description: 'Time in UTC from which on it is refused. Default: never.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** JSON Schema of the file of hashed API keys; `manara-server new-key` writes it. */
export const apiKeyFileSchema = Type.Object(
  { keys: Type.Array(apiKey) },
  { additionalProperties: false, $id: 'https://manara.dev/schemas/api-keys.json' },
);

export type ApiKeyEntry = Static<typeof apiKey>;
export type ApiKeyFile = Static<typeof apiKeyFileSchema>;

/** @throws Error listing what is wrong. */
export function parseApiKeyFile(text: string): ApiKeyFile {
  const value: unknown = JSON.parse(text);
  const faults = Value.Check(apiKeyFileSchema, value)
    ? crossCheck(value)
    : schemaFaults(apiKeyFileSchema, value);
  if (faults.length > 0) throw new Error(faults.join('; '));
  return value as ApiKeyFile;
}

function crossCheck({ keys }: ApiKeyFile): string[] {
  const ids = keys.map(({ id }) => id);
  return [
    ...ids.filter((id, i) => ids.indexOf(id) < i).map((id) => `keys: id ${show(id)} stands twice`),
    ...keys
      .filter(({ expires }) => expires !== undefined && Number.isNaN(Date.parse(expires)))
      .map(({ id, expires }) => `keys: ${id}.expires: expected a time, received ${show(expires)}`),
  ];
}
