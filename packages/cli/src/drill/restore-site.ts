import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from '@manara/constructs';
import type { EndpointInspection } from './inspect';
import type { ExerciseOptions } from './exercise-options';
import { readinessAt } from './readiness';
import { runInShell } from './shell-command';

export interface Restoration {
  /** From the beginning of `--restore` until the site was ready, or given up. */
  readonly seconds: number;
  /** Exit code of `--restore`. */
  readonly code: number;
  /** Why the site is not ready again; none where it is. */
  readonly missing?: string;
}

/** Milliseconds between looks at a site that is coming back. */
const lookMillis = 500;

/** A site comes back as fast as it can, however short callers were to wait. */
const leastWaitSeconds = 300;

/** Brings the site back, and waits until every version is ready there. */
export async function restoreSite(options: ExerciseOptions): Promise<Restoration> {
  const { restore, inspections, waitSeconds, hurried, onOutput, stack } = options;
  const began = performance.now();
  // However long it takes: half a restoration is worse than a drill that has not ended.
  const code = await runInShell(restore, { onOutput });
  const givenUp = AbortSignal.timeout(Math.max(waitSeconds, leastWaitSeconds) * 1000);
  let missing = await missingAt(stack.sites[0], inspections);
  // What a command that failed has not done, waiting does not do either.
  while (missing !== undefined && code === 0 && !givenUp.aborted && !hurried.aborted) {
    await delay(lookMillis);
    missing = await missingAt(stack.sites[0], inspections);
  }
  return {
    seconds: (performance.now() - began) / 1000,
    code,
    ...(missing === undefined ? {} : { missing }),
  };
}

async function missingAt(
  lost: Site,
  inspections: readonly EndpointInspection[],
): Promise<string | undefined> {
  const checks = await Promise.all(
    inspections.flatMap(({ drilled: { endpoint }, sites }) =>
      sites.filter(({ site }) => site === lost).map((asked) => readinessAt(endpoint, asked)),
    ),
  );
  const missing = checks.flat().find(({ verdict }) => verdict !== 'ok');
  return missing && `${missing.what} of ${missing.endpoint ?? ''}: ${missing.found}`;
}
