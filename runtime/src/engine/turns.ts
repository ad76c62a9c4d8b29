import type { Priority } from '../protocol/urgency';
import type { EngineVersion } from './version';

/**
 * Whose turn it is: of the versions that have requests waiting, the one with the most urgent, among
 * equals the one that has had least engine time.
 */
export class Turns {
  /** Versions with requests waiting for a thread. Most of those loaded have none at any one time. */
  private readonly waiting = new Set<EngineVersion>();

  /** Notes that a version has requests waiting. */
  add(version: EngineVersion): void {
    if (this.waiting.has(version)) return;
    // Idle time is no claim on more than the others get from here on.
    let least = Infinity;
    for (const { queue } of this.waiting) least = Math.min(least, queue.served);
    if (least !== Infinity) version.queue.served = Math.max(version.queue.served, least);
    this.waiting.add(version);
  }

  /** Notes that a version may have none any more. */
  update(version: EngineVersion): void {
    if (version.queue.requests === 0) this.waiting.delete(version);
  }

  /** @param canRun - whether a thread is idle that holds the version. */
  next(now: number, canRun: (version: EngineVersion) => boolean): EngineVersion | undefined {
    let next: EngineVersion | undefined;
    let least = Infinity;
    for (const version of this.waiting) {
      const { queue } = version;
      const urgency = queue.urgency(now);
      if (urgency === Infinity || urgency > least || !canRun(version)) continue;
      if (urgency === least && next !== undefined && queue.served >= next.queue.served) continue;
      [next, least] = [version, urgency];
    }
    return next;
  }

  /** Milliseconds until a request that is held back for others may go; `Infinity` where none is. */
  heldFor(now: number, canRun: (version: EngineVersion) => boolean): number {
    let millis = Infinity;
    for (const version of this.waiting) {
      if (canRun(version)) millis = Math.min(millis, version.queue.heldFor(now));
    }
    return millis;
  }

  /** Bytes of the tensors that wait. */
  bytes(): number {
    let bytes = 0;
    for (const { queue } of this.waiting) bytes += queue.bytes;
    return bytes;
  }

  /** Milliseconds of one thread's time before the turn of a request that comes now. */
  millisAhead(version: EngineVersion, priority: Priority): number {
    let all = 0;
    let sharers = 1;
    for (const other of this.waiting) {
      const expected = other.queue.expectedMillis(priority);
      all += expected;
      if (other !== version && expected > 0) sharers++;
    }
    // Versions take turns: the long queue of another costs this one no more than its own does.
    return Math.min(version.queue.expectedMillis(priority) * sharers, all);
  }
}
