import { type FailureReason, type Metric, metrics } from '@manara/contract';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds; an explanation runs a model thousands of times. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60];

/** What the explanations of one version count. They are few: unlike inferences, they are counted at once. */
export interface ExplanationMetrics {
  readonly seconds: Histogram.Internal<string>;
  readonly failure: (reason: FailureReason) => void;
  readonly evaluations: Counter.Internal;
}

/** The metrics of explanations, of all versions. */
export class ExplanationsMetrics {
  private readonly seconds: Histogram;
  private readonly failure: Counter;
  private readonly evaluations: Counter;

  constructor(registry: Registry) {
    const named = ({ name, help, labels }: Metric) => ({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
    });
    this.seconds = new Histogram({ ...named(metrics.explainSeconds), buckets });
    this.failure = new Counter(named(metrics.explainFailure));
    this.evaluations = new Counter(named(metrics.explainEvaluations));
  }

  /** Bound to one version. */
  of(model: string, version: string): ExplanationMetrics {
    const labels = { model, version };
    return {
      seconds: this.seconds.labels({ ...labels, model_name: model }),
      failure: (reason) => {
        this.failure.labels({ ...labels, reason }).inc();
      },
      evaluations: this.evaluations.labels(labels),
    };
  }
}
