import { type Static, Type } from '@sinclair/typebox';
import { flagsFaults, flagsSchema } from './flags-config';
import { redisSchema } from './redis-config';
import { show } from './schema-faults';

/** Numbers of the `variants` part where the configuration leaves them out. */
export const variantDefaults = {
  sample: 1,
  windowSeconds: 3600,
  maxPredictions: 100_000,
  reloadSeconds: 10,
  salt: '',
} as const;

const strict = { additionalProperties: false } as const;
const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' });
const header = (description: string) => Type.String({ pattern: '^[a-z0-9-]+$', description });

const routedModel = Type.Object(
  {
    variants: Type.Record(
      name,
      Type.Object(
        {
          version: Type.Integer({ minimum: 1 }),
          weight: Type.Number({
            minimum: 0,
            description: 'Share of the requests, beside those of the other variants.',
          }),
        },
        strict,
      ),
      { description: 'By name: which version it is, and its share.' },
    ),
    stickyHeader: Type.Optional(
      header(
        "Header, in lower case, whose value decides which variant a request gets, always the same. Default: the caller's identity. Without either, each request is drawn by itself.",
      ),
    ),
    rules: Type.Optional(
      Type.Array(
        Type.Object(
          { header: header('In lower case.'), equals: Type.String(), variant: Type.String() },
          strict,
        ),
        { description: 'The first rule whose header matches decides, before flag and weights.' },
      ),
    ),
    flag: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Key of a flag whose value is the name of a variant; decides before weights.',
      }),
    ),
    outcome: Type.Optional(
      Type.Object(
        {
          output: Type.String({ minLength: 1 }),
          as: Type.Union([Type.Literal('value'), Type.Literal('argmax')], {
            description:
              'value: the one element of the output. argmax: the index of the greatest of its elements.',
          }),
        },
        { ...strict, description: 'What a reported outcome is compared with, for the accuracy.' },
      ),
    ),
  },
  strict,
);

const exposures = Type.Object(
  {
    file: Type.Optional(Type.String({ minLength: 1, description: 'File that events go to.' })),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://[^@\\s]+$',
        description: 'Address that batches of events are posted to.',
      }),
    ),
    sample: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: variantDefaults.sample,
        description: 'Share of callers whose exposures are reported.',
      }),
    ),
  },
  { ...strict, description: 'Where exposures go. Default: the log.' },
);

const feedback = Type.Object(
  {
    windowSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30 * 86_400,
        default: variantDefaults.windowSeconds,
        description: 'How long after a prediction its outcome can be reported.',
      }),
    ),
    maxPredictions: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000_000,
        default: variantDefaults.maxPredictions,
        description: 'Predictions that are remembered in memory. Not used with redis.',
      }),
    ),
    redis: Type.Optional(redisSchema),
  },
  { ...strict, description: 'Outcomes of predictions. Without this part none are taken.' },
);

/** Which version answers where the path names none. */
export const variantsSchema = Type.Object(
  {
    models: Type.Record(Type.String(), routedModel, {
      description: 'By name. Changes of this part of the file are taken up without a restart.',
    }),
    flags: Type.Optional(flagsSchema),
    exposures: Type.Optional(exposures),
    feedback: Type.Optional(feedback),
    salt: Type.Optional(
      Type.String({
        maxLength: 256,
        default: variantDefaults.salt,
        description:
          'Goes into pseudonyms of callers and into the draw: another one draws everybody anew. With a salt that is secret, pseudonyms cannot be guessed.',
      }),
    ),
    saltFile: Type.Optional(
      Type.String({ minLength: 1, description: 'File that holds the salt, where it is secret.' }),
    ),
    reloadSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: variantDefaults.reloadSeconds,
        description: 'Seconds between looks at the configuration file.',
      }),
    ),
  },
  strict,
);

export type VariantsConfig = Static<typeof variantsSchema>;
export type RoutedModel = Static<typeof routedModel>;

/** What JSON Schema cannot say. */
export function variantsFaults({
  models,
  flags,
  exposures: sink,
  salt,
  saltFile,
}: VariantsConfig): string[] {
  const faults = flags === undefined ? [] : flagsFaults(flags);
  for (const [model, routed] of Object.entries(models)) {
    const at = `variants.models.${model}`;
    const variants = Object.entries(routed.variants);
    const names = variants.map(([variant]) => variant).join(', ') || 'none';
    if (!variants.some(([, { weight }]) => weight > 0)) {
      faults.push(`${at}.variants: expected one with a weight above 0, received ${names}`);
    }
    for (const [i, { variant }] of (routed.rules ?? []).entries()) {
      if (Object.hasOwn(routed.variants, variant)) continue;
      faults.push(`${at}.rules.${i}.variant: expected one of ${names}, received ${show(variant)}`);
    }
    if (routed.flag !== undefined && flags === undefined) {
      faults.push(`${at}.flag: needs variants.flags, received ${show(routed.flag)}`);
    }
  }
  if (salt !== undefined && saltFile !== undefined) {
    faults.push('variants: expected salt or saltFile, received both');
  }
  if (sink?.file !== undefined && sink.url !== undefined) {
    faults.push('variants.exposures: expected file or url, received both');
  }
  return faults;
}
