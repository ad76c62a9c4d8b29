import { exerciseChecks } from './exercise-checks';
import type { ExerciseOptions } from './exercise-options';
import type { Exercise } from './exercise-found';
import { type Loss, loseSite } from './lose-site';
import { measureOutage } from './outage';
import { type Restoration, restoreSite } from './restore-site';
import { untilSteady, watchEndpoints } from './watched-endpoint';

/**
 * Takes the stack's first site away, measures what callers lose, and brings it back, whatever happens.
 *
 * @throws CliError where it was not begun: nothing has been taken away then
 */
export async function exercise(options: ExerciseOptions): Promise<Exercise> {
  const { stack, onProgress, lose, restore } = options;
  const lost = stack.sites[0].node.id;
  const watched = watchEndpoints(options);
  try {
    onProgress(`asking ${[...new Set(watched.map(({ address }) => address))].join(', ')}`);
    await untilSteady(watched, options);
    onProgress(`taking site ${lost} away: ${lose}`);
    let loss: Loss;
    let restoration: Restoration;
    try {
      loss = await loseSite(options, watched);
    } finally {
      onProgress(`bringing site ${lost} back: ${restore}`);
      restoration = await restoreSite(options);
    }
    const result = {
      lost,
      outages: watched.map(({ endpoint, watch }, i) => {
        const now = measureOutage(watch.probes, loss.began, undefined);
        const outage = loss.outages[i] ?? now;
        return { endpoint, ...outage, failedLater: now.failed - outage.failed };
      }),
      ...(loss.fault === undefined ? {} : { fault: loss.fault }),
      restoration,
    };
    return { ...result, checks: exerciseChecks(result, options) };
  } finally {
    await Promise.all(watched.map(({ watch }) => watch.stop()));
  }
}
