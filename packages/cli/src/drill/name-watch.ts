import type { Probe } from './outage';

interface Slot {
  readonly startedAt: number;
  settled?: { readonly at: number; readonly failure?: string };
}

/**
 * Asks again and again at a fixed pace, whether or not the last request has been answered: one that hangs
 * would otherwise hide that those after it are answered.
 */
export class NameWatch {
  readonly #slots: Slot[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  /** @param ask why a request was not answered; `undefined` where it was. Never rejects, and ends in bounded time */
  constructor(
    private readonly ask: () => Promise<string | undefined>,
    everyMillis: number,
  ) {
    this.#timer = setInterval(() => {
      this.#send();
    }, everyMillis);
    this.#send();
  }

  get probes(): readonly Probe[] {
    return this.#slots;
  }

  /** Sends no more, and waits for what was sent. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
  }

  #send(): void {
    const slot: Slot = { startedAt: performance.now() };
    this.#slots.push(slot);
    const done = this.ask().then((failure) => {
      slot.settled = { at: performance.now(), ...(failure === undefined ? {} : { failure }) };
      this.#inFlight.delete(done);
    });
    this.#inFlight.add(done);
  }
}
