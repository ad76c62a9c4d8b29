import { Type } from '@sinclair/typebox';

/** How a Redis is reached. Its password stands in a file, as configuration files are shown around. */
export const redisSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^rediss?://[^@\\s]+$',
      description: 'redis://host:port/db, or rediss:// over TLS; without a password.',
    }),
    username: Type.Optional(Type.String({ minLength: 1 })),
    passwordFile: Type.Optional(
      Type.String({ minLength: 1, description: 'File that holds the password.' }),
    ),
    prefix: Type.Optional(
      Type.String({
        pattern: '^[a-zA-Z0-9:_.-]{1,64}$',
        default: 'manara',
        description:
          'What every key begins with. Servers with the same prefix share what they keep.',
      }),
    ),
  },
  { additionalProperties: false },
);
