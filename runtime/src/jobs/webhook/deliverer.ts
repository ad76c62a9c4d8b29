import { logFields } from '@manara/contract';
import type { ServerLog } from '../../telemetry/logger';
import type { Delivery, Job } from '../job';
import type { JobStore } from '../store';
import { endEvent, eventType } from './event';
import { readSecrets, signedHeaders } from './signature';

export interface WebhookSettings {
  readonly secretFiles: readonly string[];
  readonly retrySeconds: number;
}

/** Milliseconds between looks at what is due. */
const pollMillis = 1000;

/** Milliseconds that a receiver has to answer. */
const patienceMillis = 10_000;

/** Milliseconds for which an event in hand is nobody else's. */
const leaseMillis = 30_000;

/** Milliseconds between the first two tries; doubled from try to try. */
const againMillis = { least: 2000, most: 3_600_000 };

/** Events that are under way at once: one receiver that hangs must not keep all others waiting. */
const maxUnderWay = 8;

/** Sends the events of jobs that are over, each until it is taken or its time is up. */
export class Deliverer {
  private readonly underWay = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  /** @throws StartError where a secret cannot be used. */
  constructor(
    private readonly store: JobStore,
    private readonly settings: WebhookSettings,
    private readonly log: ServerLog,
  ) {
    readSecrets(settings.secretFiles);
  }

  start(): void {
    this.timer = setInterval(() => {
      this.wake();
    }, pollMillis);
    this.timer.unref();
  }

  /** Looks at what is due: a job is over. */
  wake(): void {
    if (this.stopping.signal.aborted) return;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
  }

  /** Resolves once nothing is under way. What was cut short is due again soon. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.looking;
    await Promise.all(this.underWay);
  }

  private async look(): Promise<void> {
    while (this.underWay.size < maxUnderWay && !this.stopping.signal.aborted) {
      const now = Date.now();
      const job = await this.store.takeDelivery(now, now + leaseMillis).catch(() => undefined);
      if (job === undefined) return;
      const done = this.deliver(job).finally(() => {
        this.underWay.delete(done);
        this.wake();
      });
      this.underWay.add(done);
    }
  }

  private async deliver(job: Job): Promise<void> {
    const attempts = (job.delivery?.attempts ?? 0) + 1;
    const outcome = await this.send(job).catch((error: unknown) => ({
      isFinal: false,
      error: reasonOf(error),
    }));
    if (this.stopping.signal.aborted && outcome !== undefined) return;
    const at = Date.now();
    await this.store
      .noteDelivery(job.id, ...this.noted(job, attempts, at, outcome))
      // It is sent again when the lease is over: at least once is what was promised.
      .catch(() => undefined);
  }

  private noted(
    { finishedAt = 0 }: Job,
    attempts: number,
    at: number,
    outcome: Refusal | undefined,
  ): [delivery: Delivery, nextAt: number | undefined] {
    if (outcome === undefined) return [{ state: 'delivered', attempts, at }, undefined];
    const { error, isFinal } = outcome;
    const wait = Math.min(againMillis.most, againMillis.least * 2 ** (attempts - 1));
    const nextAt = at + wait * (0.5 + Math.random() / 2);
    const isOver = isFinal || nextAt > finishedAt + this.settings.retrySeconds * 1000;
    if (isOver) {
      this.log.write('error', 'webhook_failed', 'an event was not taken, and is given up', {
        [logFields.error]: error,
      });
    }
    const state = isOver ? 'failed' : 'pending';
    return [{ state, attempts, at, error }, isOver ? undefined : Math.round(nextAt)];
  }

  /** @returns why it was not taken; `undefined` where it was */
  private async send(job: Job): Promise<Refusal | undefined> {
    const body = endEvent(job);
    const seconds = Math.floor(Date.now() / 1000);
    const secrets = readSecrets(this.settings.secretFiles);
    const response = await fetch(job.callback ?? '', {
      method: 'POST',
      headers: { 'content-type': eventType, ...signedHeaders(job.id, seconds, body, secrets) },
      body,
      // What answers may not send this server elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(patienceMillis)]),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    // 410: the receiver wants no more. Source: Standard Webhooks 1.0.0.
    return { isFinal: response.status === 410, error: `answered ${response.status}` };
  }
}

interface Refusal {
  readonly isFinal: boolean;
  readonly error: string;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // fetch tells what went wrong only in its cause.
  const { code } = (error.cause ?? {}) as { readonly code?: string };
  return code ?? (error.name === 'TimeoutError' ? 'no answer in 10 s' : error.message);
}
