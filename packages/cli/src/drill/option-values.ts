import { InvalidArgumentError } from 'commander';

/** Adds to what an option was given before. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** @throws InvalidArgumentError for anything but 1 to 1000 */
export function requestCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('Expected a number, 1 to 1000.');
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * Seconds of `90s`, `15m` or `1h`, a day at most.
 *
 * @throws InvalidArgumentError
 */
export function durationSeconds(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([smh])$/.exec(text) ?? [];
  const value = Number(amount) * (unitSeconds[unit] ?? 0);
  if (value > 0 && value <= 86_400) return value;
  throw new InvalidArgumentError('Expected a duration such as 90s, 15m or 1h; a day at most.');
}
