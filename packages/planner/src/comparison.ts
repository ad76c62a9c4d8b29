/** Requests that went wrong in one way or another, and all of them. */
export interface Tally {
  readonly bad: number;
  readonly all: number;
}

/**
 * How much worse a new version's share of bad requests is than it may be, in standard errors: the score
 * that a `boundary` is compared with. `NaN` where the present version had no requests.
 *
 *     share = (bad + 3/8) / (all + 3/4)
 *     score = 2 (asin √share − asin √max(present share, allowed)) ÷ √(1 / (all + 1/2) + 1 / (present all + 1/2))
 *
 * The arcsine makes the spread of a share the same whatever the share is, so that one boundary serves
 * errors of one in a thousand as well as accuracy of one in two; with Anscombe's 3/8 it errs towards no
 * alarm where few requests were seen (a test holds it to exact binomial probabilities). A new version is
 * worse where it is worse than both the objective and the present version: it is not blamed for what
 * befalls both.
 */
export function comparisonScore(candidate: Tally, present: Tally, allowed: number): number {
  if (present.all === 0) return NaN;
  const reference = Math.max(shareOf(present), allowed);
  const spread = Math.sqrt(1 / (candidate.all + 0.5) + 1 / (present.all + 0.5));
  return (2 * (arc(shareOf(candidate)) - arc(reference))) / spread;
}

function shareOf({ bad, all }: Tally): number {
  return (bad + 0.375) / (all + 0.75);
}

/** Looks at scores of one rollout, over all of which false alarms are counted. */
export interface Looks {
  /** Share of rollouts of a version that is no worse, whose score passes the boundary all the same. */
  readonly falseAlarms: number;
  /** Requests seen at the last look, over those at the first. */
  readonly growth: number;
}

/**
 * Score that an unchanged version passes in `falseAlarms` of rollouts, although it is looked at again and
 * again: the one-sided crossing of a constant boundary by a Brownian motion,
 *
 *     P ≈ ½ ((b − 1/b) φ(b) ln(growth) + 4 φ(b) / b)
 *
 * Source: D. Siegmund, Sequential Analysis, 1985, ch. IV. A test holds it to a simulation.
 */
export function boundary({ falseAlarms, growth }: Looks): number {
  if (!(falseAlarms > 0 && falseAlarms < 0.5)) {
    throw new RangeError(`falseAlarms: expected above 0 and below 0.5, received ${falseAlarms}`);
  }
  if (!(growth >= 1)) throw new RangeError(`growth: expected 1 or more, received ${growth}`);
  const crossed = (b: number): number => {
    const density = Math.exp((-b * b) / 2) / Math.sqrt(2 * Math.PI);
    return 0.5 * ((b - 1 / b) * density * Math.log(growth) + (4 * density) / b);
  };
  let [low, high] = [1, 12];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (crossed(middle) > falseAlarms) low = middle;
    else high = middle;
  }
  return high;
}

/** A difference that must not pass unseen. */
export interface Difference {
  /** Share of bad requests that is allowed: 0.001. */
  readonly allowed: number;
  /** Share at which a new version has to be told apart: 0.01. */
  readonly detectable: number;
  /** Score that counts as worse. */
  readonly boundary: number;
  /** Share of the requests that the new version gets, so that the present one's number is known: 0.05. */
  readonly share: number;
}

/** Standard normal quantile of 90 %: nine of ten versions that are that much worse are told apart. */
const power90 = 1.2816;

/**
 * Requests that the new version must have had before its score says that it is good: with fewer, one that is
 * as bad as `detectable` would pass too often.
 */
export function samplesFor({ allowed, detectable, boundary: at, share }: Difference): number {
  if (!(allowed >= 0 && allowed < detectable && detectable <= 1)) {
    throw new RangeError(
      `allowed, detectable: expected 0 ≤ allowed < detectable ≤ 1, received ${allowed}, ${detectable}`,
    );
  }
  if (!(share > 0 && share < 1)) {
    throw new RangeError(`share: expected above 0 and below 1, received ${share}`);
  }
  const effect = 2 * (arc(detectable) - arc(allowed));
  return Math.ceil(((at + power90) / effect) ** 2 / (1 - share));
}

function arc(share: number): number {
  return Math.asin(Math.sqrt(Math.min(1, share)));
}
