import { errors } from '../errors';

/** How much longer than planned a request is expected to take at worst, before anything is known. */
const firstCaution = 1.25;
const greatestCaution = 6;

/** Share of requests that may take longer than the plan times the caution. */
const shareLate = 0.01;

/** By how much one late request raises the caution. */
const step = 0.05;

/** Share of its limit from which on a request's plan says something of those at the limit. */
const shareTelling = 0.25;

export interface Load {
  /** Milliseconds until the request's turn comes, by what runs are known to cost. */
  readonly waitMillis: number;
  /** Milliseconds of the run that it will be part of. */
  readonly runMillis: number;
  /** Milliseconds within which it must be answered. */
  readonly limitMillis: number;
}

/**
 * Refuses at once what could not be answered in time, so that what is accepted is. Plans are means, and
 * cores may be shared or throttled: how far the slowest of a hundred requests exceed their plans is learned,
 * and counted in.
 */
export class Admission {
  private caution = firstCaution;

  /** @throws ServingError OVERLOADED with the seconds after which to come again. */
  check({ waitMillis, runMillis, limitMillis }: Load): void {
    // What need not wait could not be answered sooner by anybody.
    if (waitMillis === 0) return;
    const expected = (waitMillis + runMillis) * this.caution;
    if (expected > limitMillis) throw errors.overloaded(expected - limitMillis);
  }

  /** Learns that a request was dropped for its deadline: it would have been late, by how much nobody knows. */
  learnExpired(load: Load): void {
    // What need not wait is let in whatever time it has: that this was too short for the run, or for
    // the moment before it, is its caller's affair and no sign of load.
    if (load.waitMillis > 0) this.learn(load, Infinity);
  }

  /** Learns how long a request took that was planned so. */
  learn({ waitMillis, runMillis, limitMillis }: Load, actualMillis: number): void {
    const planned = waitMillis + runMillis;
    // What hardly has to wait is late by noise, of no consequence for what waits long.
    if (planned * this.caution < limitMillis * shareTelling) return;
    // A step up for each late one and a small one down for each other come to rest where one in a
    // hundred is late.
    this.caution *= actualMillis > planned * this.caution ? 1 + step : 1 - step * shareLate;
    this.caution = Math.min(greatestCaution, Math.max(1, this.caution));
  }
}
