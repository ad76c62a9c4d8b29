import { errors as joseErrors, type JWTVerifyGetKey } from 'jose';
import { type KeySet, KeysUnavailable, parseKeySet } from './key-set';

/** Milliseconds. */
export interface RemoteTimes {
  /** Between fetches of keys that are in use: a key that was withdrawn is trusted no longer than that. */
  readonly refresh: number;
  /** Between fetches that unknown keys ask for: whoever sends tokens must not make us send requests. */
  readonly cooldown: number;
  /** For one fetch. */
  readonly timeout: number;
  /** Without a successful fetch, until the old keys are no longer trusted. */
  readonly maxStale: number;
}

export const remoteTimes: RemoteTimes = {
  refresh: 300_000,
  cooldown: 30_000,
  timeout: 5_000,
  maxStale: 24 * 3600_000,
};

/** More than an issuer has keys for. */
const maxBytes = 1024 * 1024;

/** What a remote key set tells of itself. */
export interface KeyNews {
  /** The keys are others than before. */
  readonly changed: () => void;
  /** A fetch failed; the keys that are there stay in use. */
  readonly failed: (reason: string) => void;
}

/**
 * Keys that an issuer publishes. Fetched anew now and then, and when a token names one that is not among
 * them; while the issuer is away those that were had stay in use.
 */
export class RemoteKeySet implements KeySet {
  private find: JWTVerifyGetKey | undefined;
  private text = '';
  private fetchedAt = -Infinity;
  private triedAt = -Infinity;
  private fetching: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly url: string,
    private readonly news: KeyNews,
    private readonly times: RemoteTimes = remoteTimes,
  ) {
    this.timer = setInterval(() => void this.fetch(), times.refresh).unref();
    void this.fetch();
  }

  readonly key: JWTVerifyGetKey = async (header, token) => {
    if (this.find === undefined) await this.fetchUnlessTried();
    try {
      return await this.current()(header, token);
    } catch (error) {
      if (!(error instanceof joseErrors.JWKSNoMatchingKey)) throw error;
      if (!(await this.fetchUnlessTried())) throw error;
      return this.current()(header, token);
    }
  };

  close(): void {
    clearInterval(this.timer);
  }

  private current(): JWTVerifyGetKey {
    const isStale = Date.now() - this.fetchedAt > this.times.maxStale;
    if (this.find === undefined || isStale) throw new KeysUnavailable();
    return this.find;
  }

  /** @returns whether a fetch was made, or joined. */
  private async fetchUnlessTried(): Promise<boolean> {
    const tried = Date.now() - this.triedAt < this.times.cooldown;
    if (this.fetching === undefined && tried) return false;
    await this.fetch();
    return true;
  }

  private fetch(): Promise<void> {
    this.fetching ??= this.load().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async load(): Promise<void> {
    this.triedAt = Date.now();
    try {
      const text = await this.download();
      const find = parseKeySet(text);
      this.fetchedAt = Date.now();
      if (text === this.text) return;
      this.find = find;
      this.text = text;
      this.news.changed();
    } catch (error) {
      this.news.failed(reasonOf(error));
    }
  }

  private async download(): Promise<string> {
    const response = await fetch(this.url, {
      headers: { accept: 'application/json' },
      // An address that was not configured is not asked, however politely it is named.
      redirect: 'error',
      signal: AbortSignal.timeout(this.times.timeout),
    });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    let text = '';
    const decoder = new TextDecoder();
    const parts = (response.body ?? []) as AsyncIterable<Uint8Array>;
    for await (const part of parts) {
      text += decoder.decode(part, { stream: true });
      if (text.length > maxBytes) throw new Error(`it sends more than ${maxBytes} bytes`);
    }
    return text;
  }
}

/** `fetch failed` alone helps nobody: the cause has the system's word. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
