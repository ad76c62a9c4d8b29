import { type Static, Type } from '@sinclair/typebox';
import { show } from './schema-faults';

export const redisDefaults = { prefix: 'manara' } as const;

/** How a Redis is reached. Its password stands in a file, as configuration files are shown around. */
export const redisSchema = Type.Object(
  {
    url: Type.String({
      pattern: '^rediss?://[^\\s?]+$',
      description:
        'redis://host:port/db, or rediss:// over TLS; without user and password, which stand in username and passwordFile.',
    }),
    username: Type.Optional(Type.String({ minLength: 1 })),
    passwordFile: Type.Optional(
      Type.String({ minLength: 1, description: 'File that holds the password.' }),
    ),
    prefix: Type.Optional(
      Type.String({
        pattern: '^[a-zA-Z0-9:_.-]{1,64}$',
        default: redisDefaults.prefix,
        description:
          'What every key begins with. Servers with the same prefix share what they keep.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type RedisConfig = Static<typeof redisSchema>;

/** @param at - key of the part that the Redis belongs to. */
export function redisFaults(at: string, redis: RedisConfig | undefined): string[] {
  if (redis?.url.includes('@') !== true) return [];
  return [
    `${at}.redis.url: expected an address without user and password, received ${show(redis.url)}; put the user into ${at}.redis.username, and the password into a file that ${at}.redis.passwordFile names`,
  ];
}
