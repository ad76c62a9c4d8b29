/** One request through the name that callers use. Times are milliseconds of one clock. */
export interface Probe {
  readonly startedAt: number;
  /** None while its answer is waited for. */
  readonly settled?: { readonly at: number; readonly failure?: string };
}

/** What callers lost. */
export interface Outage {
  /** Requests that were answered, or failed, so far. */
  readonly asked: number;
  readonly failed: number;
  /** Seconds from the loss until the first request that failed was sent; none where none did. */
  readonly firstFailureSeconds?: number;
  /** What the last request that failed said. */
  readonly lastFailure?: string;
  /** Seconds from the loss until callers were answered for good: 0 where no request failed; none while they are not. */
  readonly recoveredSeconds?: number;
}

/** Answers in a row, all of requests sent once the site was gone, after which callers are recovered. */
export const answersForGood = 5;

/**
 * The same where no request has failed: a name that stands for several sites may lead to the one that is
 * left by chance.
 */
export const answersWithoutFailure = 20;

/**
 * Measures an outage. Callers are recovered with the first answer after the last failure, once enough have
 * followed it: a name that flaps is not recovered in between. Requests overlap; they count in the order in
 * which they were sent, as far as all before them are settled, and not where they were settled before the loss.
 *
 * @param lossBegan when the site began to be taken away
 * @param goneAt when it was seen not to answer; none before that
 */
export function measureOutage(
  probes: readonly Probe[],
  lossBegan: number,
  goneAt: number | undefined,
): Outage {
  const settled = inOrder(probes).filter(({ at }) => at >= lossBegan);
  const failures = settled.flatMap(({ failure }, i) => (failure === undefined ? [] : [i]));
  const [firstFailed, lastFailed] = [failures[0], failures.at(-1)];
  // A request that was sent before the loss may fail by it.
  const since = (at: number): number => Math.max(0, at - lossBegan) / 1000;

  const after = settled.slice((lastFailed ?? -1) + 1);
  const whenGone = after.filter(({ startedAt }) => goneAt !== undefined && startedAt >= goneAt);
  const needed = lastFailed === undefined ? answersWithoutFailure : answersForGood;
  const recovered = whenGone.length >= needed ? after[0] : undefined;
  const first = firstFailed === undefined ? undefined : settled[firstFailed];
  const last = lastFailed === undefined ? undefined : settled[lastFailed];
  return {
    asked: settled.length,
    failed: failures.length,
    ...(first === undefined ? {} : { firstFailureSeconds: since(first.startedAt) }),
    ...(last?.failure === undefined ? {} : { lastFailure: last.failure }),
    ...(recovered === undefined
      ? {}
      : { recoveredSeconds: last === undefined ? 0 : since(recovered.at) }),
  };
}

interface SettledProbe {
  readonly startedAt: number;
  readonly at: number;
  readonly failure?: string;
}

function inOrder(probes: readonly Probe[]): readonly SettledProbe[] {
  const pending = probes.findIndex(({ settled }) => settled === undefined);
  return probes
    .slice(0, pending < 0 ? undefined : pending)
    .flatMap(({ startedAt, settled }) =>
      settled === undefined ? [] : [{ startedAt, ...settled }],
    );
}
