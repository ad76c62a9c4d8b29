import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** @default 30_000 */
  readonly timeoutMillis?: number;
  /** Between two looks. @default 100 */
  readonly everyMillis?: number;
}

/**
 * Looks until `look` gives something but `undefined` or `false`, and gives that back. What it throws
 * counts as nothing.
 *
 * @throws Error saying what was waited for, with what `look` threw last
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMillis = 30_000, everyMillis = 100 }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMillis;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${timeoutMillis} ms: ${what}`, { cause: last });
    }
    await delay(everyMillis);
  }
}
