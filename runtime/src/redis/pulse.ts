import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Milliseconds between questions to a Redis that does not answer. */
const everyMillis = 1000;

/**
 * Whether a Redis is worth asking. One that hangs keeps its connections, so that each caller would wait
 * for it in vain; after the first that did, it is asked in the background until it answers.
 */
export class Pulse {
  private isMissed = false;

  constructor(private readonly redis: Redis) {
    redis.on('ready', () => {
      this.isMissed = false;
    });
  }

  get isThere(): boolean {
    return this.redis.status === 'ready' && !this.isMissed;
  }

  /** To be called when a command came to nothing. */
  missed(): void {
    if (this.isMissed) return;
    this.isMissed = true;
    void this.feel();
  }

  private async feel(): Promise<void> {
    while (this.isMissed && this.redis.status !== 'end') {
      try {
        await this.redis.ping();
        this.isMissed = false;
      } catch {
        await setTimeout(everyMillis, undefined, { ref: false });
      }
    }
  }
}
