import { LRUCache } from 'lru-cache';

/** Units of a model that are told apart; more are not counted anew, and so count once at most. */
const maxUnits = 100_000;

/** Units below which shares say nothing. */
const leastUnits = 100;

/**
 * Whether the shares that were seen go with the weights. Units are counted, not requests: those of one unit
 * all get the same variant.
 */
export class SampleRatio {
  private readonly seen = new LRUCache<string, true>({ max: maxUnits });
  private readonly counts = new Map<string, number>();
  private isFull = false;

  count(variant: string, unit: string): void {
    if (this.isFull || this.seen.has(unit)) return;
    this.seen.set(unit, true);
    this.counts.set(variant, (this.counts.get(variant) ?? 0) + 1);
    this.isFull = this.seen.size >= maxUnits;
  }

  /**
   * Probability of shares as far from the weights as those seen, by chance (Pearson's chi-squared test).
   *
   * @returns `undefined` where too little was seen.
   */
  probability(weights: ReadonlyMap<string, number>): number | undefined {
    const expected = [...weights].filter(([, weight]) => weight > 0);
    const total = expected.reduce((sum, [, weight]) => sum + weight, 0);
    const units = expected.reduce((sum, [variant]) => sum + (this.counts.get(variant) ?? 0), 0);
    if (units < leastUnits || expected.length < 2) return undefined;
    let statistic = 0;
    for (const [variant, weight] of expected) {
      const due = (units * weight) / total;
      statistic += ((this.counts.get(variant) ?? 0) - due) ** 2 / due;
    }
    return chiSquaredTail(statistic, expected.length - 1);
  }
}

/**
 * Probability that a chi-squared variable exceeds a value.
 *
 * The tail for two degrees of freedom more is larger by one term of a known series (Abramowitz and Stegun,
 * 26.4.4 and 26.4.5), which begins with erfc for an odd number and with an exponential for an even one.
 */
export function chiSquaredTail(value: number, degrees: number): number {
  if (value <= 0) return 1;
  const half = value / 2;
  const isOdd = degrees % 2 === 1;
  let tail = isOdd ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = isOdd ? Math.sqrt((4 * half) / Math.PI) * Math.exp(-half) : half * Math.exp(-half);
  for (let k = isOdd ? 3 : 4; k <= degrees; k += 2) {
    tail += term;
    term *= value / k;
  }
  return Math.min(1, tail);
}

/** For values of 0 and above, to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return coefficients.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
