import type { ApiVersion } from './facts';

/** What may answer an inference of one path. */
export interface Answering {
  /** Of the versions of the model, those that one is chosen of for each request. */
  readonly chosen: readonly [ApiVersion, ...ApiVersion[]];
  /** What may answer in the place of the chosen one. */
  readonly standIns: readonly ApiVersion[];
  /** Whether the choice is one of variants, which the answer names. */
  readonly byVariant: boolean;
  /** Whether anything may answer in that place, a model or what is kept of answers. */
  readonly byStandIn: boolean;
}

/** Of a path that names no version. */
export function answeringDefault(of: ApiVersion, versions: readonly ApiVersion[]): Answering {
  const variants = versions.filter(
    ({ model, version }) => model === of.model && of.variants?.includes(version) === true,
  );
  const [first = of, ...others] = variants;
  return { ...withStandIns([first, ...others], versions), byVariant: of.variants !== undefined };
}

/** Of a path that names the version. */
export function answeringVersion(of: ApiVersion, versions: readonly ApiVersion[]): Answering {
  return withStandIns([of], versions);
}

function withStandIns(chosen: Answering['chosen'], versions: readonly ApiVersion[]): Answering {
  const named = chosen.flatMap(({ standIns = [] }) => standIns);
  const standIns = versions.filter((one) =>
    named.some(({ model, version }) => one.model === model && one.version === version),
  );
  const byStandIn = chosen.some((of) => of.standIns !== undefined);
  return { chosen, standIns, byVariant: false, byStandIn };
}
