import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import type { CanaryStep } from '@manara/planner';
import type { Place } from '@manara/residency';
import { Duration } from 'cdk8s';
import type { ModelEndpoint } from '../model-endpoint';
import { anyNumber, checkProps, duration, listOf, optional, record } from '../props/kinds';
import { validateId } from '../props/names';
import { analysisArgs } from './analysis/analysis-args';
import { addGate, addWatch, type Patience } from './analysis/analysis-template';
import { type CanaryStepProps, computedSteps, givenSteps } from './canary-steps';
import { divideRoutes } from './divided-routes';
import {
  EndpointRollout,
  endpointRolloutKinds,
  type EndpointRolloutProps,
  measuresOf,
  type SiteParts,
} from './endpoint-rollout';
import { forgottenSeconds, type StrategyPart } from './placed-rollout';
import { samplesAt, samplingOf } from './sampling';

type Strategy = NonNullable<NonNullable<IRollout['spec']>['strategy']>;

export interface CanaryRolloutProps<P extends Place> extends EndpointRolloutProps<P> {
  /**
   * Shares of the requests that the new pods get, ascending; then all.
   * @default - 5, 20 and 50 %, or fewer where that takes longer than `longest`
   */
  readonly steps?: readonly CanaryStepProps[];
  /**
   * Longest that the computed steps may take at a quiet time.
   * @default Duration.hours(6)
   */
  readonly longest?: Duration;
}

const canaryKinds = {
  ...endpointRolloutKinds,
  steps: optional(listOf(record({ weight: anyNumber, duration }))),
  longest: optional(duration),
};

/** Longest that computed steps take. */
export const longestByDefault = Duration.hours(6);

/**
 * New pods get a growing share of an endpoint's requests. Each step ends once enough requests were seen and
 * none of the measures is worse; one that is worse ends the rollout, and all requests go to the pods before.
 * Where too few come, it waits for somebody.
 */
export class CanaryRollout<const P extends Place = Place> extends EndpointRollout {
  /** What the new pods get, and for how long at least. */
  readonly steps: readonly CanaryStep[];

  /** @throws ConstructError MANARA_ROLLOUT for an endpoint that it cannot act on, and steps that cannot tell */
  constructor(endpoint: ModelEndpoint<P>, id: string, props: CanaryRolloutProps<NoInfer<P>> = {}) {
    const at = validateId(endpoint, id);
    checkProps(at, props, canaryKinds);
    const measures = measuresOf(at, endpoint, props);
    const sampling = samplingOf(endpoint, measures);
    const steps =
      props.steps === undefined
        ? computedSteps(at, sampling, props.longest ?? longestByDefault)
        : givenSteps(at, props.steps, sampling);
    super(endpoint, id, at, props, {
      rollout: 'CanaryRollout',
      mesh: true,
      parts: (site) => canaryParts(site, steps),
    });
    this.steps = steps;
  }
}

/** As many looks as fit the longest step, once more: then somebody has to look. */
export function patienceOf(seconds: readonly number[]): Patience {
  const intervalSeconds = Math.max(5, Math.min(60, Math.floor(Math.min(...seconds) / 5)));
  return { intervalSeconds, looks: Math.ceil(Math.max(...seconds) / intervalSeconds) };
}

function canaryParts(
  { scope, workload, prometheus, judgements }: SiteParts,
  steps: readonly CanaryStep[],
): StrategyPart {
  const { routes } = workload;
  if (routes === undefined) throw new TypeError('a canary needs a mesh');
  const divided = divideRoutes(scope, workload, routes);
  const { name } = workload.endpoint;
  const patience = patienceOf(steps.map(({ seconds }) => seconds));
  const gate = addGate(scope, 'gate', judgements, { name: `${name}-gate`, prometheus, patience });
  const watch = addWatch(scope, 'watch', judgements, {
    name: `${name}-watch`,
    prometheus,
    patience,
  });
  const longest = Math.max(...steps.map(({ seconds }) => seconds));
  return {
    dependsOn: [...divided.dependsOn, gate, watch],
    strategy: {
      canary: {
        ...steadyCanary,
        trafficRouting: { istio: divided.istio },
        analysis: {
          templates: [{ templateName: watch.name }],
          startingStep: 1,
          args: analysisArgs(2 * longest),
        },
        steps: steps.flatMap(({ weight, seconds }) => [
          { setWeight: weight },
          { pause: { duration: `${seconds}s` } },
          {
            analysis: {
              templates: [{ templateName: gate.name }],
              // As long again: what came late counts, too.
              args: analysisArgs(2 * seconds, samplesAt(judgements, weight / 100)),
            },
          },
        ]),
      },
    } satisfies Strategy,
  };
}

/**
 * The present pods stay as many as the autoscaler says until the new ones have all requests, so that going
 * back takes no start of a server. With `dynamicStableScale` they would go as the new ones come.
 */
export const steadyCanary = {
  maxSurge: 1,
  maxUnavailable: 0,
  dynamicStableScale: false,
  scaleDownDelaySeconds: forgottenSeconds,
  abortScaleDownDelaySeconds: forgottenSeconds,
} as const;
