import type { Sampling } from '@manara/planner';
import { ConstructError } from '../construct-error';
import type { ModelEndpoint } from '../model-endpoint';
import type { Judgement } from './analysis/judgement';

/** Shortest step that is computed: some scrapes, and what only time shows. */
const leastSeconds = 120;

/** Part of the peak that an endpoint is asked when it is quiet. */
const quietPart = 0.1;

/**
 * What a site's rollout has to see: the slowest of its measures, at the rate of a quiet hour.
 *
 * @throws ConstructError MANARA_ROLLOUT for a rate that is none, or above the peak
 */
export function samplingOf(
  at: string,
  endpoint: ModelEndpoint,
  judgements: readonly Judgement[],
  quietRequestsPerSecond: number | undefined,
): Sampling {
  const peak = endpoint.traffic.peakRequestsPerSecond;
  const quiet = quietRequestsPerSecond ?? peak * quietPart;
  if (!(quiet > 0 && quiet <= peak)) {
    throw new ConstructError(
      'MANARA_ROLLOUT',
      at,
      `quietRequestsPerSecond: expected a number above 0, up to the peak of ${peak}; received ${quiet}`,
    );
  }
  return {
    // Callers spread over the sites; a rollout is each site's own.
    quietPerSecond: quiet / endpoint.sites.length,
    samplesAt: (share) =>
      Math.max(...judgements.map(({ samplesAt, counted }) => samplesAt(share) / counted)),
    leastSeconds,
  };
}

/** Arguments that say how many requests each measure has to have seen at a share. */
export function samplesAt(
  judgements: readonly Judgement[],
  share: number,
): readonly (readonly [metric: string, samples: number])[] {
  return judgements.map(({ metric, samplesAt: of }) => [metric, of(share)]);
}

/** `90 min`, as messages say it. */
export function shownTime(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 120) return `${seconds} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 6) / 10} h`;
}
