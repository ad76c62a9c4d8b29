import type { Place } from '@manara/residency';
import { Construct } from 'constructs';
import type { PlacedWorkload } from '../engines/lowering';
import type { ModelEndpoint } from '../model-endpoint';
import { optional } from '../props/kinds';
import { type Judgement, judgements } from './analysis/judgement';
import { prometheusKind, prometheusOf, type PrometheusProps } from './analysis/prometheus';
import { type Quality, qualityKind, qualityOf, type QualityProps } from './analysis/quality';
import { checkEndpoint, primaries } from './check-endpoint';
import { PlacedRollout, type StrategyPart } from './placed-rollout';
import { rolloutBrand } from './rollout-brand';

/** What every rollout is told. */
export interface EndpointRolloutProps<P extends Place> {
  /**
   * Prometheus that the controller asks.
   * @default - the one that each site's metrics are stored in
   */
  readonly prometheus?: PrometheusProps<P>;
  /**
   * How the new version's predictions are compared with their outcomes.
   * @default - they are not: errors and latency decide
   */
  readonly quality?: QualityProps;
}

export const endpointRolloutKinds = {
  prometheus: optional(prometheusKind),
  quality: optional(qualityKind),
};

/** What a rollout is made of on one site. */
export interface SiteParts {
  readonly scope: Construct;
  readonly workload: PlacedWorkload;
  readonly prometheus: PrometheusProps<Place>;
  readonly judgements: readonly Judgement[];
}

/** How a kind of rollout replaces pods. */
export interface RolloutPlan {
  /** Name of the kind, for messages. */
  readonly rollout: string;
  /** Whether it needs a mesh. */
  readonly mesh: boolean;
  readonly parts: (site: SiteParts) => StrategyPart;
}

/**
 * How one template of an endpoint's pods follows another, on every site that carries its traffic: an Argo
 * Rollout takes the pods over from the Deployment, whose template it follows.
 */
export abstract class EndpointRollout extends Construct {
  readonly endpoint: ModelEndpoint;
  readonly props: EndpointRolloutProps<Place>;

  /** @throws ConstructError MANARA_ROLLOUT for an endpoint that it cannot act on */
  protected constructor(
    endpoint: ModelEndpoint,
    id: string,
    at: string,
    props: EndpointRolloutProps<Place>,
    plan: RolloutPlan,
  ) {
    checkEndpoint(at, endpoint, plan);
    const quality = qualityIn(at, endpoint, props);
    const sites = primaries(endpoint).map((workload) => ({
      workload,
      prometheus: prometheusOf(at, workload.site, props.prometheus),
    }));
    super(endpoint, id);
    Object.defineProperty(this, rolloutBrand, { value: true });
    this.endpoint = endpoint;
    this.props = props;
    for (const { workload, prometheus } of sites) {
      const series = { model: endpoint.name, labels: prometheus.labels ?? {} };
      new PlacedRollout(workload.scope, 'rollout', {
        owner: at,
        workload,
        prometheus,
        strategyIn: (scope) =>
          plan.parts({
            scope,
            workload,
            prometheus,
            judgements: judgements(endpoint, series, quality),
          }),
      });
    }
  }
}

/** What an endpoint is judged by, whatever Prometheus has it. */
export function measuresOf(
  at: string,
  endpoint: ModelEndpoint,
  props: EndpointRolloutProps<Place>,
): readonly Judgement[] {
  const series = { model: endpoint.name, labels: {} };
  return judgements(endpoint, series, qualityIn(at, endpoint, props));
}

function qualityIn(
  at: string,
  endpoint: ModelEndpoint,
  { quality }: EndpointRolloutProps<Place>,
): Quality | undefined {
  return quality === undefined ? undefined : qualityOf(at, endpoint, quality);
}
