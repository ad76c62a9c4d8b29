import type { GivenConfig } from '@manara/contract';

/** What an endpoint serves: one model. */
export interface ServedVersions {
  readonly name: string;
  readonly versions: readonly number[];
}

/** Models and versions that the parts speak of and the endpoint does not serve. */
export function modelFaults(
  { variants, cache, fallbacks }: GivenConfig,
  { name, versions }: ServedVersions,
): readonly string[] {
  const foreignModel = (at: string, models: object = {}) =>
    Object.keys(models)
      .filter((model) => model !== name)
      .map((model) => `${at}: expected the endpoint's model, "${name}"; received "${model}"`);
  const foreignVersion = (at: string, version: number | undefined) =>
    version === undefined || versions.includes(version)
      ? []
      : [`${at}.version: expected one of ${versions.join(', ')}; received ${version}`];
  return [
    ...foreignModel('variants.models', variants?.models),
    ...foreignModel('cache.models', cache?.models),
    // Of a model that other servers have, this one's answers.
    ...foreignModel('fallbacks', here(fallbacks)),
    ...Object.entries(variants?.models[name]?.variants ?? {}).flatMap(([variant, { version }]) =>
      foreignVersion(`variants.models.${name}.variants.${variant}`, version),
    ),
    ...Object.entries(fallbacks ?? {}).flatMap(([asked, { chain }]) =>
      chain.flatMap(({ model = name, version }, i) => [
        ...foreignModel(`fallbacks.${asked}.chain.${i}.model`, { [model]: true }),
        ...foreignVersion(`fallbacks.${asked}.chain.${i}`, version),
      ]),
    ),
  ];
}

function here(fallbacks: GivenConfig['fallbacks'] = {}): object {
  return Object.fromEntries(
    Object.entries(fallbacks).filter(([, { elsewhere }]) => elsewhere !== true),
  );
}
