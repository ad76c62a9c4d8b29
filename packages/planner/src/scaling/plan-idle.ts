import { PlanError } from './plan-error';
import { shown } from './shown';

/** What an endpoint without replicas must still keep. */
export interface IdleDemand {
  readonly availabilityPercent: number;
  /** From the first request until a replica answers it. */
  readonly coldStartSeconds: number;
}

/** How long an endpoint without requests keeps its last replica. */
export interface IdlePlan {
  readonly cooldownSeconds: number;
  readonly why: string;
}

/** KEDA's default: shorter, and a replica would come and go between two callers. */
const shortestCooldownSeconds = 300;
/** Longer, and a replica that waits for a night without requests would wait through it. */
const longestCooldownSeconds = 6 * 3600;

/**
 * Whether an endpoint may have no replicas while nobody asks. Each time that somebody does, it answers
 * nobody for a cold start; a cooldown without requests comes before each such time. So the share of time
 * without answers is, at worst,
 *
 *     cold start ÷ (cold start + cooldown) ≤ 1 - availability
 *
 * @throws PlanError where the cooldown would be longer than six hours, with the nearest availability
 */
export function planIdle({ availabilityPercent, coldStartSeconds }: IdleDemand): IdlePlan {
  const lost = 1 - availabilityPercent / 100;
  const needed = Math.ceil(coldStartSeconds * (1 / lost - 1) - 1e-6);
  if (needed > longestCooldownSeconds) {
    const share = longestCooldownSeconds / (longestCooldownSeconds + coldStartSeconds);
    const nearest = Math.floor(share * 10_000) / 100;
    const longest = Math.floor((longestCooldownSeconds * lost) / (1 - lost));
    throw new PlanError(
      `an availability of ${availabilityPercent} % cannot be met from no replicas: each cold start answers nobody for ${shown(coldStartSeconds)} s; the nearest that can is ${nearest} %, or a cold start of ${longest} s`,
      { availabilityPercent: nearest },
    );
  }
  const cooldownSeconds = Math.max(shortestCooldownSeconds, needed);
  return {
    cooldownSeconds,
    why: `No replicas after ${cooldownSeconds} s without requests: a cold start of ${shown(coldStartSeconds)} s at most so often keeps ${availabilityPercent} %.`,
  };
}
