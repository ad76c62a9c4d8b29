import { errors } from '../errors';

/** Weight of the last wait against what was learned before. */
const learningRate = 0.1;

/** Share of the time that a request has which its expected wait and run may take: the rest is doubt. */
const sharePlanned = 0.8;

export interface Load {
  /** Milliseconds until the request's turn comes, by what runs are known to cost. */
  readonly waitMillis: number;
  /** Milliseconds of its own run. */
  readonly runMillis: number;
  /** Milliseconds within which it must be answered. */
  readonly limitMillis: number;
}

/**
 * Refuses at once what could not be answered in time, so that what is accepted is. How far waits
 * turn out longer than planned is learned: the cores may be shared, or throttled.
 */
export class Admission {
  private slowdown = 1;

  /** @throws ServingError OVERLOADED with the seconds after which to come again. */
  check({ waitMillis, runMillis, limitMillis }: Load): void {
    const expected = waitMillis * this.slowdown + runMillis;
    const allowed = limitMillis * sharePlanned;
    if (waitMillis === 0 || expected <= allowed) return;
    throw errors.overloaded(expected - allowed);
  }

  /** Learns how long a request waited that was planned to wait so long. */
  learn(plannedMillis: number, actualMillis: number): void {
    // What was hardly to wait says nothing: the noise is greater than the wait.
    if (plannedMillis < 5) return;
    const ratio = Math.min(4, Math.max(0.5, actualMillis / plannedMillis));
    this.slowdown += learningRate * (ratio - this.slowdown);
  }
}
