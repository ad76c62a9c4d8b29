import { type BusyHours, minuteOfDay, type WeekDay, weekDays } from '../traffic';

/** A schedule's beginning and end, as cron writes them. */
export interface CronHours {
  readonly start: string;
  readonly end: string;
}

const minutesOfDay = 24 * 60;

/**
 * Busy hours as a schedule that begins early, so that who comes first finds replicas that answer.
 *
 * @param leadSeconds how long replicas take
 * @returns `undefined` where it would begin before it had ended: such hours have no rest between them
 */
export function cronHours(hours: BusyHours, leadSeconds: number): CronHours | undefined {
  const from = minuteOfDay(hours.from) ?? 0;
  const until = minuteOfDay(hours.to) ?? 0;
  const lead = Math.ceil(leadSeconds / 60);
  const length = ((until - from + minutesOfDay) % minutesOfDay) + lead;
  if (length >= minutesOfDay) return undefined;
  const first = from - lead;
  return {
    start: cron(first, hours.days),
    end: cron(until < from ? until + minutesOfDay : until, hours.days),
  };
}

/** @param minute counted from midnight of the days; below 0 of the days before */
function cron(minute: number, days: readonly WeekDay[]): string {
  const shift = Math.floor(minute / minutesOfDay);
  const inDay = minute - shift * minutesOfDay;
  const numbers = days.map((day) => (weekDays.indexOf(day) + shift + 7) % 7).sort();
  const everyDay = numbers.length === weekDays.length;
  return `${inDay % 60} ${Math.floor(inDay / 60)} * * ${everyDay ? '*' : numbers.join(',')}`;
}
