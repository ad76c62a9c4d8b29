import type { Duration } from 'cdk8s';
import { ConstructError } from './construct-error';
import { duration } from './props/kinds';
import { anyNumber, kind, listOf, optional, record, shown, text } from './props/props';

/** How much an endpoint is asked, and how that changes: what its replicas are planned from. */
export interface Traffic {
  /**
   * Requests a second at the busiest time, over all sites together. Each site is sized to carry them
   * all, because the other may be lost.
   */
  readonly peakRequestsPerSecond: number;
  /**
   * Requests a second at the quietest time, over all sites together, and outside of `busyHours`; `0` where
   * nobody asks then.
   * @default - a tenth of the peak
   */
  readonly quietRequestsPerSecond?: number;
  /**
   * How fast the rate may grow.
   * @default - doubling within five minutes
   */
  readonly surge?: Surge;
  /**
   * When it is not quiet. `Autoscaling.keda()` scales by it.
   * @default - at any time
   */
  readonly busyHours?: BusyHours;
}

/** The steepest growth of a rate: it multiplies by up to `factor` within some time, then holds a while. */
export interface Surge {
  /** Above 1: `3` for a rate that may triple. */
  readonly factor: number;
  readonly within: Duration;
}

/** Days of a week, as a schedule names them. */
export const weekDays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export type WeekDay = (typeof weekDays)[number];

/** Hours of a week in which an endpoint is asked. */
export interface BusyHours {
  readonly days: readonly [WeekDay, ...WeekDay[]];
  /** Local time: `08:00`. */
  readonly from: string;
  /** Local time; of the next day where it is before `from`. */
  readonly to: string;
  /** Name of the IANA time zone: `Asia/Dubai`. */
  readonly timeZone: string;
}

const weekDay = kind(`one of ${weekDays.join(', ')}`, (value) =>
  weekDays.some((one) => one === value),
);

export const trafficKind = record({
  peakRequestsPerSecond: anyNumber,
  quietRequestsPerSecond: optional(anyNumber),
  surge: optional(record({ factor: anyNumber, within: duration })),
  busyHours: optional(record({ days: listOf(weekDay), from: text, to: text, timeZone: text })),
});

/** Minutes after midnight of `08:30`; `undefined` for anything else. */
export function minuteOfDay(time: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** Faster than this no traffic is measured, and slower is no surge. */
const surgeSeconds = { shortest: 1, longest: 86_400 } as const;

/**
 * Checks the ranges of a traffic, in the words of the props.
 *
 * @param at construct path, for messages
 * @throws ConstructError MANARA_OBJECTIVE
 */
export function validateTraffic(at: string, traffic: Traffic): void {
  const { peakRequestsPerSecond: peak, quietRequestsPerSecond: quiet, surge, busyHours } = traffic;
  const expect = (
    holds: boolean,
    prop: string,
    expected: string,
    received: number | string,
  ): void => {
    if (holds) return;
    const text = `traffic.${prop}: expected ${expected}; received ${received}`;
    throw new ConstructError('MANARA_OBJECTIVE', at, text);
  };
  expect(peak > 0 && Number.isFinite(peak), 'peakRequestsPerSecond', 'a number above 0', peak);
  if (quiet !== undefined) {
    const range = `a number from 0 to the peak, ${peak}`;
    expect(quiet >= 0 && quiet <= peak, 'quietRequestsPerSecond', range, quiet);
  }
  if (surge !== undefined) {
    const { factor } = surge;
    const isFactor = factor > 1 && Number.isFinite(factor);
    expect(
      isFactor,
      'surge.factor',
      'a number above 1, such as 3 for a rate that may triple',
      factor,
    );
    const seconds = surge.within.toMilliseconds() / 1000;
    const { shortest, longest } = surgeSeconds;
    const isTime = seconds >= shortest && seconds <= longest;
    expect(isTime, 'surge.within', 'a Duration from a second to a day', `${seconds} s`);
  }
  if (busyHours === undefined) return;
  const { days, from, to, timeZone } = busyHours;
  const once = days.length > 0 && new Set(days).size === days.length;
  expect(once, 'busyHours.days', 'each day once, and one at least', days.join(', ') || 'none');
  for (const [name, time] of [
    ['from', from],
    ['to', to],
  ] as const) {
    expect(
      minuteOfDay(time) !== undefined,
      `busyHours.${name}`,
      'a time of day such as 08:30',
      shown(time),
    );
  }
  expect(from !== to, 'busyHours.to', 'another time than from', shown(to));
  expect(
    isTimeZone(timeZone),
    'busyHours.timeZone',
    'an IANA time zone such as Asia/Dubai',
    shown(timeZone),
  );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}
