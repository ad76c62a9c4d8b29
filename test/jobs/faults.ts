import { setTimeout } from 'node:timers/promises';
import type { Chance } from '../support/chance';
import type { Load } from './load';
import type { JobServer } from './served';
import type { SmallDisk } from './small-disk';

export type Fault = 'SIGKILL' | 'a native abort' | 'a full disk' | 'SIGKILL on a full disk';

/** Most milliseconds that the disk stays as it is before what comes next. */
const longestFull = 1000;

/** Which fault comes next: each once, then what chance has it. */
export class Faults {
  private readonly kinds: readonly [Fault, ...Fault[]];
  private count = 0;

  constructor(
    private readonly chance: Chance,
    private readonly disk: SmallDisk | undefined,
  ) {
    const always = ['SIGKILL', 'a native abort'] as const;
    this.kinds = disk === undefined ? always : [...always, 'a full disk', 'SIGKILL on a full disk'];
  }

  next(): Fault {
    return this.kinds[this.count++] ?? this.chance.pick(this.kinds);
  }

  /** Resolves, once the server is up and the disk has room, with the time at which the fault was over. */
  async strike(fault: Fault, server: JobServer, load: Load): Promise<number> {
    const before = Date.now();
    const isFull = fault === 'a full disk' || fault === 'SIGKILL on a full disk';
    if (isFull) {
      this.disk?.fill();
      await load.foundFull(before);
      await this.pause();
    }
    if (fault === 'a native abort') await server.abort();
    else if (fault !== 'a full disk') await server.kill();
    const lost = Date.now();
    if (fault !== 'a full disk') await server.restart();
    if (!isFull) return lost;
    await this.pause();
    this.disk?.free();
    return Date.now();
  }

  private async pause(): Promise<void> {
    await setTimeout(this.chance.integer(longestFull));
  }
}
