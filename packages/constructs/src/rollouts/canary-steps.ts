import {
  type CanaryStep,
  canarySteps,
  quickestSteps,
  type Sampling,
  secondsAt,
} from '@manara/planner';
import type { Duration } from 'cdk8s';
import { ConstructError } from '../construct-error';
import { shownTime } from './sampling';

/** A share of the requests that the new version gets, and for how long at least. */
export interface CanaryStepProps {
  /** In percent, from 1 to 99: the last step, to 100, is made by itself. */
  readonly weight: number;
  /** At least as long as a quiet endpoint takes to show enough; the message says how long that is. */
  readonly duration: Duration;
}

/** Shortest step: Prometheus scrapes, and new pods count, no faster. */
const shortestSeconds = 10;

/**
 * Steps that are given, each of which must see enough.
 *
 * @throws ConstructError MANARA_ROLLOUT
 */
export function givenSteps(
  at: string,
  steps: readonly CanaryStepProps[],
  sampling: Sampling,
): readonly CanaryStep[] {
  const refuse = (prop: string, expected: string, received: string): never => {
    throw new ConstructError(
      'MANARA_ROLLOUT',
      at,
      `steps${prop}: expected ${expected}; received ${received}`,
    );
  };
  if (steps.length === 0) refuse('', 'at least one', 'none');
  return steps.map(({ weight, duration }, i) => {
    if (!(Number.isInteger(weight) && weight >= 1 && weight <= 99)) {
      refuse(`.${i}.weight`, 'a whole percentage from 1 to 99', String(weight));
    }
    const before = steps[i - 1]?.weight;
    if (before !== undefined && weight <= before) {
      refuse(`.${i}.weight`, `more than the ${before} before it`, String(weight));
    }
    const seconds = duration.toMilliseconds() / 1000;
    const needed = Math.max(shortestSeconds, secondsAt(weight, { ...sampling, leastSeconds: 0 }));
    if (seconds < needed) {
      const rate = Number(((sampling.quietPerSecond * weight) / 100).toPrecision(3));
      refuse(
        `.${i}.duration`,
        `at least ${shownTime(needed)}, in which ${weight} % of a quiet site's requests, ${rate} a second, are enough to tell`,
        shownTime(seconds),
      );
    }
    return { weight, seconds: Math.ceil(seconds) };
  });
}

/**
 * Steps that see enough within a time.
 *
 * @throws ConstructError MANARA_ROLLOUT where none do
 */
export function computedSteps(
  at: string,
  sampling: Sampling,
  longest: Duration,
): readonly CanaryStep[] {
  const longestSeconds = longest.toMilliseconds() / 1000;
  const steps = canarySteps(sampling, longestSeconds);
  if (steps !== undefined) return steps;
  const [quickest] = quickestSteps(sampling);
  const { weight, seconds } = quickest ?? { weight: 50, seconds: Infinity };
  throw new ConstructError(
    'MANARA_ROLLOUT',
    at,
    `longest: even a canary of ${weight} % takes ${shownTime(seconds)} to see the ${Math.ceil(sampling.samplesAt(weight / 100))} requests that tell a bad version from a good one, at ${Number(sampling.quietPerSecond.toPrecision(3))} a second; expected at least that; received ${shownTime(longestSeconds)}; fix: give longest, traffic.quietRequestsPerSecond of the endpoint, or use a BlueGreenRollout`,
  );
}
