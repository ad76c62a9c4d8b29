import { Type } from '@sinclair/typebox';

/** Numbers of the `graphs` part of the configuration that hold where it says nothing. */
export const graphDefaults = { maxBytes: 2 * 1024 ** 3 } as const;

/** Optimized graphs that outlive the server. Without a folder, models are optimized at each start. */
export const graphsSchema = Type.Object(
  {
    folder: Type.String({
      minLength: 1,
      description:
        'Folder that keeps the graphs as the engine optimized them, for the next start and for other servers. Whoever may write to it decides what is answered.',
    }),
    maxBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        maximum: Number.MAX_SAFE_INTEGER,
        default: graphDefaults.maxBytes,
        description: 'Greatest size of all graphs; those unused the longest go first.',
      }),
    ),
  },
  { additionalProperties: false },
);
