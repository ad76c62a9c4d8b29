import type { ServerLog } from '../telemetry/logger';

/**
 * Says what the configuration names that is not there: a misspelt variant or fallback would do nothing, and
 * nobody would know before it was needed. It is no reason to refuse to serve: models come and go while a
 * server runs, and one that misses a fallback answers better than one that is not there.
 */
export class LooseEnds {
  private told: ReadonlySet<string> = new Set();
  private hasBegun = false;

  /** @param find - what is not there at the moment, a message each. */
  constructor(
    private readonly log: ServerLog,
    private readonly find: () => readonly string[],
  ) {}

  /** To be called once the models are loaded: before, none of them is there. */
  begin(): void {
    this.hasBegun = true;
    this.look();
  }

  /** To be called when models or names have changed. Each message is logged once, and anew if it was gone. */
  look(): void {
    if (!this.hasBegun) return;
    const found = new Set(this.find());
    for (const message of found) {
      if (!this.told.has(message)) this.log.write('warn', 'name_unserved', message);
    }
    this.told = found;
  }

  /** Names of the configuration that lead nowhere. */
  count(): number {
    return this.told.size;
  }
}
