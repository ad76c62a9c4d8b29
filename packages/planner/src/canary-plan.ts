/** What a step of a canary has to see. */
export interface Sampling {
  /** Requests to an endpoint of a site, a second, when it is quiet. */
  readonly quietPerSecond: number;
  /** Requests that the new version must have had by the end of a step of this share, 0.05. */
  readonly samplesAt: (share: number) => number;
  /** Shortest that a step takes, in seconds. */
  readonly leastSeconds: number;
}

/** A share of the requests that the new version gets, and for how long. */
export interface CanaryStep {
  /** In percent. */
  readonly weight: number;
  readonly seconds: number;
}

/** Shares of a canary, from the most careful to the quickest to see enough. */
const ladders: readonly (readonly number[])[] = [[5, 20, 50], [10, 50], [20, 50], [50]];

/** Seconds that a step of a weight takes to see enough. */
export function secondsAt(weight: number, sampling: Sampling): number {
  const { quietPerSecond, samplesAt, leastSeconds } = sampling;
  const share = weight / 100;
  return Math.max(leastSeconds, Math.ceil(samplesAt(share) / (quietPerSecond * share)));
}

/**
 * Steps of the most careful ladder that sees enough within `longestSeconds`; `undefined` where none does. Every
 * step sees enough by itself, so that one that fails is found before more requests are led to it.
 */
export function canarySteps(
  sampling: Sampling,
  longestSeconds: number,
): readonly CanaryStep[] | undefined {
  return ladders
    .map((weights) => stepsOf(weights, sampling))
    .find((steps) => steps.reduce((sum, { seconds }) => sum + seconds, 0) <= longestSeconds);
}

/** The quickest canary that sees enough. */
export function quickestSteps(sampling: Sampling): readonly CanaryStep[] {
  return stepsOf(ladders.at(-1) ?? [], sampling);
}

function stepsOf(weights: readonly number[], sampling: Sampling): readonly CanaryStep[] {
  return weights.map((weight) => ({ weight, seconds: secondsAt(weight, sampling) }));
}
