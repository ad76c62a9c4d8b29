import type { GivenConfig } from '@manara/contract';

/**
 * The given parts with what follows from the rest of the program: answers are kept for one zone only, and
 * in a Redis that endpoints share each has keys of its own, unless the program says otherwise.
 */
export function completeConfig(
  { jobs, cache, variants, limits, ...rest }: GivenConfig,
  { zone, endpoint }: { readonly zone: string; readonly endpoint: string },
): GivenConfig {
  const prefix = `manara:${endpoint}`;
  const keyed = <T extends { redis?: { url: string } }>(part: T): T =>
    part.redis === undefined ? part : { ...part, redis: { prefix, ...part.redis } };
  const given: GivenConfig = {
    ...rest,
    ...(limits && { limits: keyed(limits) }),
    ...(jobs && { jobs: keyed(jobs) }),
    ...(cache && { cache: { zone, ...keyed(cache) } }),
    ...(variants && {
      variants: {
        ...variants,
        ...(variants.feedback && { feedback: keyed(variants.feedback) }),
      },
    }),
  };
  return given;
}
