import { assumedTraffic, type Sampling } from '@manara/planner';
import type { ModelEndpoint } from '../model-endpoint';
import type { Judgement } from './analysis/judgement';

/** Shortest step that is computed: some scrapes, and what only time shows. */
const leastSeconds = 120;

/** What a site's rollout has to see: the slowest of its measures, at the rate of a quiet hour. */
export function samplingOf(endpoint: ModelEndpoint, judgements: readonly Judgement[]): Sampling {
  const { peakRequestsPerSecond: peak, quietRequestsPerSecond } = endpoint.traffic;
  const assumed = peak * assumedTraffic.quietShare;
  // Of an endpoint that nobody asks at night, nothing is seen at night.
  const quiet = quietRequestsPerSecond === 0 ? assumed : (quietRequestsPerSecond ?? assumed);
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
