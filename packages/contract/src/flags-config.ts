import { type Static, Type } from '@sinclair/typebox';

const text = (description: string) => Type.String({ minLength: 1, description });
const strict = { additionalProperties: false } as const;
const address = (description: string) =>
  Type.String({ pattern: '^https?://[^@\\s]+$', description });

const flagd = Type.Object(
  {
    resolver: Type.Union([Type.Literal('in-process'), Type.Literal('rpc'), Type.Literal('file')], {
      description:
        'in-process: flags are fetched and evaluated here, nothing of a request leaves. rpc: flagd evaluates, and gets the attributes. file: flags are read from a file.',
    }),
    file: Type.Optional(text("With file: flags in flagd's form. Changes are taken up.")),
    host: Type.Optional(
      Type.String({ minLength: 1, default: 'localhost', description: 'Host of flagd.' }),
    ),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description: 'Port of flagd. Default: 8013 with rpc, 8015 with in-process.',
      }),
    ),
    tls: Type.Optional(Type.Boolean({ default: false })),
  },
  strict,
);

const launchDarkly = Type.Object(
  {
    sdkKeyFile: text('File with the SDK key.'),
    baseUri: address('Where flags are polled from; no default, so that the audit sees it.'),
    eventsUri: Type.Optional(
      address(
        'Where evaluations are reported, with the attributes. Default: they are not reported.',
      ),
    ),
    pollSeconds: Type.Optional(Type.Integer({ minimum: 30, maximum: 86_400, default: 30 })),
  },
  strict,
);

const optimizely = Type.Object(
  { datafile: text('File that Optimizely exports. Nothing is fetched, nothing is reported.') },
  strict,
);

/** A flag provider, by OpenFeature. */
export const flagsSchema = Type.Object(
  {
    flagd: Type.Optional(flagd),
    launchDarkly: Type.Optional(launchDarkly),
    optimizely: Type.Optional(optimizely),
    attributes: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^(caller|header:[a-z0-9-]+)$',
          description: 'caller: its identity. header:NAME: a header of the request, in lower case.',
        }),
        {
          description:
            "What providers get to know of a request, besides the model's name and a pseudonym of whom the variant sticks to. Default: nothing.",
        },
      ),
    ),
  },
  { ...strict, description: 'Where the flags of models come from.' },
);

export type FlagsConfig = Static<typeof flagsSchema>;

/** What JSON Schema cannot say. */
export function flagsFaults({
  flagd: own,
  launchDarkly: ld,
  optimizely: op,
}: FlagsConfig): string[] {
  const given = [own, ld, op].filter((provider) => provider !== undefined);
  const faults: string[] = [];
  if (given.length !== 1) {
    faults.push(
      `variants.flags: expected one of flagd, launchDarkly, optimizely, received ${given.length} of them`,
    );
  }
  if (own?.resolver === 'file' && own.file === undefined) {
    faults.push('variants.flags.flagd.file: expected the file with the flags, received nothing');
  }
  return faults;
}
