import { ConstructError } from '../construct-error';
import { shown } from '../props/props';

/** What tells a metric apart. */
export type MetricIdentity =
  | { readonly kind: 'cpu' | 'inFlight' | 'gpu' | 'jobs' }
  | { readonly kind: 'requestRate'; readonly query?: string };

/** Two copies of this package, in one program, must know each other's metrics. */
const brand = Symbol.for('@manara/constructs.ScalingMetric');

/** What an autoscaler follows. What each replica is held at is computed. */
export class ScalingMetric {
  static isScalingMetric(x: unknown): x is ScalingMetric {
    return typeof x === 'object' && x !== null && brand in x;
  }

  /** CPU use, from the cluster's metrics API. */
  static cpu(): ScalingMetric {
    return new ScalingMetric({ kind: 'cpu' });
  }

  /** Requests that a replica has in its hands, on average over a minute. */
  static inFlight(): ScalingMetric {
    return new ScalingMetric({ kind: 'inFlight' });
  }

  /** Use of the GPU, as NVIDIA's DCGM exporter measures it; for engines that have one. */
  static gpu(): ScalingMetric {
    return new ScalingMetric({ kind: 'gpu' });
  }

  /**
   * Requests a second; `Autoscaling.keda()` only.
   *
   * @param query PromQL of the rate where it is counted before the pods, as a gateway does: it can wake an
   * endpoint that has none. By default the rate that the pods count.
   * @throws ConstructError MANARA_SCALING for a query that is no text
   */
  static requestRate(query?: string): ScalingMetric {
    if (query === undefined) return new ScalingMetric({ kind: 'requestRate' });
    if (typeof query === 'string' && query.trim() !== '') {
      return new ScalingMetric({ kind: 'requestRate', query });
    }
    throw new ConstructError(
      'MANARA_SCALING',
      'ScalingMetric.requestRate',
      `query: expected PromQL such as sum(rate(istio_requests_total{destination_service_name="fraud"}[1m])); received ${shown(query)}`,
    );
  }

  /** Jobs that wait or run, in the server's `jobs.redis`; `Autoscaling.keda()` only. */
  static jobs(): ScalingMetric {
    return new ScalingMetric({ kind: 'jobs' });
  }

  private constructor(readonly identity: MetricIdentity) {
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Name of the factory, for messages. */
export function metricName({ identity }: ScalingMetric): string {
  return `ScalingMetric.${identity.kind}()`;
}
