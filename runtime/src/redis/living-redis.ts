import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Milliseconds between questions to a Redis that does not answer. */
const everyMillis = 1000;

/** Told when a Redis goes away, with the reason, and when it is back; once for each change. */
export type RedisTold = (isThere: boolean, reason: string) => void;

/**
 * A Redis that may go away, or hang, and come back. One that hangs keeps its connections, so that each
 * caller would wait for it in vain; after the first that did, it is asked in the background until it answers.
 */
export class LivingRedis {
  private isMissed = false;
  private isClosed = false;
  /** What was told last. @default - nothing yet */
  private wasThere: boolean | undefined;

  constructor(
    readonly redis: Redis,
    private readonly told: RedisTold,
  ) {
    redis.on('ready', () => {
      this.answered();
    });
    redis.on('error', (error: Error) => {
      this.note(false, error.message);
    });
    redis.on('close', () => {
      this.note(false, 'the connection is closed');
    });
  }

  /** Whether it is worth asking. */
  get isThere(): boolean {
    return this.redis.status === 'ready' && !this.isMissed;
  }

  /** To be called with what a command failed with. */
  missed(error: unknown): void {
    if (this.isMissed || isAnswer(error)) return;
    this.isMissed = true;
    void this.feel();
  }

  close(): void {
    this.isClosed = true;
    this.redis.disconnect();
  }

  /** One slow command is no outage: that it hangs is told once it does not answer this either. */
  private async feel(): Promise<void> {
    while (this.isMissed && this.redis.status !== 'end') {
      const failure: unknown = await this.redis.ping().catch((error: unknown) => error);
      if (!(failure instanceof Error) || isAnswer(failure)) {
        this.answered();
      } else {
        this.note(false, failure.message);
        await setTimeout(everyMillis, undefined, { ref: false });
      }
    }
  }

  private answered(): void {
    this.isMissed = false;
    this.note(true, '');
  }

  private note(isThere: boolean, reason: string): void {
    if (this.isClosed || this.wasThere === isThere) return;
    this.wasThere = isThere;
    this.told(isThere, reason);
  }
}

/** Whether Redis has answered, though with a refusal. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
