import type { Duration } from 'cdk8s';
import { ConstructError } from '../construct-error';

/** Periods that a clock repeats evenly: they divide an hour, or a day. */
const minutesOfAnHour = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30];
const hoursOfADay = [1, 2, 3, 4, 6, 8, 12, 24];

/** How often a copy is made. */
export interface CopySchedule {
  /** In the terms of a CronJob. */
  readonly cron: string;
  readonly seconds: number;
}

/**
 * A CronJob's schedule.
 *
 * @throws ConstructError MANARA_SCHEDULE for a period that divides neither an hour nor a day
 */
export function copySchedule(at: string, prop: string, every: Duration): CopySchedule {
  const seconds = every.toSeconds({ integral: false });
  const minutes = minutesOfAnHour.find((n) => n * 60 === seconds);
  if (minutes !== undefined) return { cron: `*/${minutes} * * * *`, seconds };
  const hours = hoursOfADay.find((n) => n * 3600 === seconds);
  if (hours !== undefined) return { cron: `0 ${hours === 24 ? '0' : `*/${hours}`} * * *`, seconds };
  throw new ConstructError(
    'MANARA_SCHEDULE',
    at,
    `${prop}: expected ${minutesOfAnHour.join(', ')} minutes, or ${hoursOfADay.join(', ')} hours; received ${shownSeconds(seconds)}`,
  );
}

/**
 * The least that a connection between two sites is expected to carry, 40 Mbit/s: an assumption, on the
 * safe side of any that is bought for this.
 */
const leastBytesPerSecond = 5_000_000;

/** Time for a node to be found and an image to be pulled, whatever the period. */
const leastDeadlineSeconds = 300;

/** Seconds after which a run is given up: a period, or more where there is much to bring. */
export function copyDeadlineSeconds(every: Duration, bytes: number): number {
  const transfer = leastDeadlineSeconds + Math.ceil(bytes / leastBytesPerSecond);
  return Math.max(every.toSeconds(), transfer);
}

/** Seconds until what is new at the original is at the copy: a run begins once a period, and takes its time. */
export function copyPointSeconds(every: Duration, bytes: number): number {
  return every.toSeconds() + copyDeadlineSeconds(every, bytes);
}

function shownSeconds(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}
