import { type Static, Type } from '@sinclair/typebox';
import type { CacheConfig } from './cache-config';
import { datatypes } from './datatypes';
import { show } from './schema-faults';

const strict = { additionalProperties: false } as const;

const staticOutput = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    datatype: Type.Union(datatypes.map((datatype) => Type.Literal(datatype))),
    shape: Type.Array(Type.Integer({ minimum: 1 })),
    data: Type.Array(Type.Union([Type.Number(), Type.String(), Type.Boolean()]), {
      description: 'Elements, flat, as in an answer.',
    }),
  },
  strict,
);

const link = Type.Object(
  {
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'A model with the same inputs and outputs.' }),
    ),
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: "Of that model. Default: the model's default." }),
    ),
    cachedSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 30 * 86_400,
        description: 'An answer from the response cache, fresh or not, no older than that.',
      }),
    ),
    static: Type.Optional(
      Type.Array(staticOutput, {
        minItems: 1,
        description:
          'The same answer to every request. A first dimension of 1 is repeated per row.',
      }),
    ),
  },
  strict,
);

const fallback = Type.Object(
  {
    afterMillis: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 600_000,
        description: 'Time that the model is given. Default: as long as the request has.',
      }),
    ),
    chain: Type.Array(link, { minItems: 1, description: 'What is tried, in this order.' }),
    elsewhere: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether other servers have the model, and this one answers where they cannot: a mesh leads requests for it here.',
      }),
    ),
  },
  strict,
);

/** What answers in place of a model that cannot, by the model's name. */
export const fallbacksSchema = Type.Record(Type.String(), fallback, {
  description: 'What answers in place of a model that is overloaded, late or fails, by its name.',
});

export type FallbacksConfig = Static<typeof fallbacksSchema>;
export type FallbackLink = Static<typeof link>;
export type StaticOutput = Static<typeof staticOutput>;

/** What JSON Schema cannot say. */
export function fallbackFaults(fallbacks: FallbacksConfig, cache: CacheConfig = {}): string[] {
  const faults: string[] = [];
  for (const [model, { chain, elsewhere, afterMillis }] of Object.entries(fallbacks)) {
    if (elsewhere === true && chain.some((one) => one.model === undefined)) {
      faults.push(
        `fallbacks.${model}.chain: expected models, as nobody here knows what requests to ${show(model)} look like; received ${show(chain)}`,
      );
    }
    if (elsewhere === true && afterMillis !== undefined) {
      faults.push(
        `fallbacks.${model}.afterMillis: expected none beside elsewhere, as nothing is waited for; received ${afterMillis}`,
      );
    }
    for (const [i, one] of chain.entries()) {
      const at = `fallbacks.${model}.chain.${i}`;
      const kinds = [one.model, one.cachedSeconds, one.static].filter((kind) => kind !== undefined);
      if (kinds.length !== 1) {
        faults.push(`${at}: expected one of model, cachedSeconds, static, received ${show(one)}`);
      }
      if (one.version !== undefined && one.model === undefined) {
        faults.push(`${at}.version: needs model, received ${one.version}`);
      }
      if (one.cachedSeconds !== undefined && !Object.hasOwn(cache.models ?? {}, model)) {
        faults.push(`${at}.cachedSeconds: needs cache.models.${model}, received none`);
      }
    }
  }
  const cycle = cycleIn(fallbacks);
  if (cycle !== undefined) {
    faults.push(`fallbacks: expected chains that end, received ${cycle.join(' -> ')}`);
  }
  return faults;
}

/** Models that stand in for each other in a ring. A model may stand in for itself by another version. */
function cycleIn(fallbacks: FallbacksConfig): readonly string[] | undefined {
  const next = (model: string): readonly string[] =>
    (Object.hasOwn(fallbacks, model) ? (fallbacks[model]?.chain ?? []) : []).flatMap((one) =>
      one.model === undefined || (one.model === model && one.version !== undefined)
        ? []
        : [one.model],
    );
  const done = new Set<string>();
  const walk = (model: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(model);
    if (at >= 0) return [...path.slice(at), model];
    if (done.has(model)) return undefined;
    for (const following of next(model)) {
      const found = walk(following, [...path, model]);
      if (found !== undefined) return found;
    }
    done.add(model);
    return undefined;
  };
  for (const model of Object.keys(fallbacks)) {
    const found = walk(model, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
