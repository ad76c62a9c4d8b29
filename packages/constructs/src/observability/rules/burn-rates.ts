/** A pair of windows, and how fast the budget has to be spent in both. */
export interface BurnRate {
  readonly long: string;
  readonly short: string;
  /** Multiple of the rate that spends the budget in exactly its 30 days. */
  readonly factor: number;
  readonly severity: Severity;
  /** Part of an alert's name. */
  readonly name: string;
  readonly for: string;
}

/** `critical` calls somebody, `warning` waits for the working day. */
export type Severity = 'critical' | 'warning';

/**
 * Windows and factors for a budget of 30 days: 2 % of it in an hour, 5 % in six, 10 % in three days.
 * Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts"; read
 * 2026-11. `for` is ours: long enough for two evaluations.
 */
export const burnRates: readonly BurnRate[] = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'critical', name: 'FastBurn', for: '2m' },
  { long: '6h', short: '30m', factor: 6, severity: 'critical', name: 'SlowBurn', for: '5m' },
  { long: '3d', short: '6h', factor: 1, severity: 'warning', name: 'BudgetDrain', for: '1h' },
];

/** Every window that an error ratio is recorded for. */
export const burnWindows: readonly string[] = [
  ...new Set(burnRates.flatMap(({ long, short }) => [short, long])),
];

/** Bad requests in the long window below which nobody is called: one of three is no trend. */
export const leastBadRequests = 10;

/**
 * Share of requests above which an alert fires; `undefined` where all of them together cannot spend a budget
 * this large so fast.
 */
export function burnThreshold({ factor }: BurnRate, budget: number): number | undefined {
  const share = Number((factor * budget).toPrecision(6));
  return share < 1 ? share : undefined;
}
