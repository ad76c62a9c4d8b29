import { type GivenConfig, headers } from '@manara/contract';
import type { EndpointSpec } from '../engines/lowering';
import { sharesOf } from '../version-routes';

type Variants = NonNullable<GivenConfig['variants']>;

/**
 * An endpoint's routes in the server's terms: a variant for each version, which the header that names it
 * leads to. With a mesh that sets this header, the other headers and the weights are the mesh's.
 */
export function routedVariants(
  { name, versions, defaultVersion, routes }: EndpointSpec,
  hasMesh: boolean,
): Variants | undefined {
  if (routes === undefined) return undefined;
  const shares = sharesOf(hasMesh ? {} : routes, defaultVersion);
  const variant = (version: number): string => `v${version}`;
  const rules = [
    ...versions.map(({ number }) => ({
      header: headers.version,
      equals: String(number),
      variant: variant(number),
    })),
    ...(hasMesh ? [] : (routes.headers ?? [])).map(({ header, equals, version }) => ({
      header,
      equals,
      variant: variant(version),
    })),
  ];
  const variants = Object.fromEntries(
    versions.map(({ number }) => {
      const weight = shares.find(({ version }) => version === number)?.percent ?? 0;
      return [variant(number), { version: number, weight }];
    }),
  );
  return { models: { [name]: { variants, rules } } };
}
