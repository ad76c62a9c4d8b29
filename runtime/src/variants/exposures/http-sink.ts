import type { EventSink } from './event-sink';

/** Events that may wait to be sent. */
const maxWaiting = 10_000;

const maxBatch = 500;
const flushMillis = 1000;
const timeoutMillis = 5000;

/** Posts events in batches, as CloudEvents' batch format has it. A batch that is not taken is dropped. */
export class HttpSink implements EventSink {
  private waiting: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly dropped: (count: number, reason: string) => void,
  ) {}

  write(event: string): void {
    if (this.waiting.length >= maxWaiting) {
      this.dropped(1, 'the receiver is too slow');
      return;
    }
    this.waiting.push(event);
    this.timer ??= setTimeout(() => {
      this.flush();
    }, flushMillis);
  }

  async close(): Promise<void> {
    this.flush();
    await this.sending;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending = this.sending.then(() => this.sendAll());
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, maxBatch);
      const reason = await this.send(batch);
      if (reason !== undefined) this.dropped(batch.length, reason);
    }
  }

  /** @returns why it was not taken. */
  private async send(batch: readonly string[]): Promise<string | undefined> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents-batch+json' },
        body: `[${batch.join(',')}]`,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMillis),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `it answered ${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
