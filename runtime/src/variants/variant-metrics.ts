import { metrics } from '@manara/contract';
import type { ServerMetrics } from '../telemetry/metrics';

interface Labels {
  readonly model: string;
  readonly version: number;
  readonly variant: string;
}

/** Counts of variants. */
export interface VariantMetrics {
  answered(labels: Labels): void;
  told(labels: Labels, reward: number | undefined, match: boolean | undefined): void;
  dropped(events: number): void;
}

export function variantMetrics(registry: ServerMetrics): VariantMetrics {
  const requests = registry.addCounter(metrics.variantRequests);
  const feedback = registry.addCounter(metrics.variantFeedback);
  const reward = registry.addSum(metrics.variantReward);
  const outcomes = registry.addCounter(metrics.variantOutcomes);
  const dropped = registry.addCounter(metrics.exposuresDropped);
  return {
    answered: (labels) => {
      requests.inc({ ...labels });
    },
    told: (labels, value, match) => {
      feedback.inc({ ...labels });
      if (value !== undefined) reward.inc({ ...labels }, value);
      if (match !== undefined) outcomes.inc({ ...labels, match: String(match) });
    },
    dropped: (events) => {
      dropped.inc(events);
    },
  };
}
