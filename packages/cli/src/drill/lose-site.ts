import { setTimeout as delay } from 'node:timers/promises';
import { secondsToStop } from '@manara/contract';
import type { ExerciseOptions } from './exercise-options';
import { measureOutage, type Outage } from './outage';
import { runInShell } from './shell-command';
import type { WatchedEndpoint } from './watched-endpoint';

export interface Loss {
  /** When the command began, by the clock of the requests. */
  readonly began: number;
  /** In the order of the endpoints that are watched. */
  readonly outages: readonly Outage[];
  /** Why they say little or nothing. */
  readonly fault?: string;
}

/** Milliseconds between looks at what is waited for. */
const lookMillis = 100;

const stoppedFault = 'stopped before callers were answered for good';

/** Takes the site away, and measures until callers are answered for good, or given up. */
export async function loseSite(
  options: ExerciseOptions,
  watched: readonly WatchedEndpoint[],
): Promise<Loss> {
  const { stopped, onProgress, waitSeconds, stack } = options;
  const began = performance.now();
  const givenUp = AbortSignal.any([stopped, AbortSignal.timeout(waitSeconds * 1000)]);
  const measure = (goneAt?: number): readonly Outage[] =>
    watched.map(({ watch }) => measureOutage(watch.probes, began, goneAt));

  const fault = await takeAway(options, watched, givenUp);
  if (fault !== undefined) return { began, outages: measure(), fault };
  const goneAt = performance.now();
  onProgress(
    `site ${stack.sites[0].node.id} does not answer any more; waiting for callers to be answered, ${waitSeconds} s at most`,
  );
  for (;;) {
    const outages = measure(goneAt);
    if (outages.every(({ recoveredSeconds }) => recoveredSeconds !== undefined)) {
      return { began, outages };
    }
    if (stopped.aborted) return { began, outages, fault: stoppedFault };
    if (givenUp.aborted) return { began, outages };
    await delay(lookMillis);
  }
}

/** Why the site is not known to be gone; `undefined` where it is. */
async function takeAway(
  options: ExerciseOptions,
  watched: readonly WatchedEndpoint[],
  givenUp: AbortSignal,
): Promise<string | undefined> {
  const { lose, stopped, onOutput, waitSeconds, goneSeconds = secondsToStop() } = options;
  const endedEarly = (): string | undefined => {
    if (stopped.aborted) return stoppedFault;
    return givenUp.aborted ? `--lose had not taken it away after ${waitSeconds} s` : undefined;
  };
  const code = await runInShell(lose, { signal: givenUp, onOutput });
  const early = endedEarly();
  if (early !== undefined) return early;
  if (code !== 0) return `--lose ended with code ${code}`;
  const deadline = performance.now() + goneSeconds * 1000;
  for (;;) {
    const answering = await stillAnswering(watched);
    if (answering.length === 0) return undefined;
    if (performance.now() > deadline) {
      const site = options.stack.sites[0].node.id;
      return `the command ended, and site ${site} still answers at ${answering.join(', ')}`;
    }
    const fault = endedEarly();
    if (fault !== undefined) return fault;
    await delay(lookMillis);
  }
}

/** A pod that is stopping still answers, though it is not ready: nobody is sent there any more. */
async function stillAnswering(watched: readonly WatchedEndpoint[]): Promise<readonly string[]> {
  const asked = await Promise.all(
    watched.map(async ({ atLostSite: { client } }) => {
      const reply = await client.serverReady();
      return reply.answered && reply.status === 200 ? [client.address] : [];
    }),
  );
  return [...new Set(asked.flat())];
}
