import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { type GivenConfig, path, routes as serverRoutes } from '@manara/contract';
import type { Place } from '@manara/residency';
import type { Duration } from 'cdk8s';
import { ConstructError } from '../construct-error';
import type { EndpointSpec } from '../engines/lowering';
import type { ModelEndpoint } from '../model-endpoint';
import { anyNumber, checkProps, duration, optional } from '../props/kinds';
import { validateId } from '../props/names';
import { analysisArgs } from './analysis/analysis-args';
import { addGate, addWatch } from './analysis/analysis-template';
import { longestByDefault, patienceOf, steadyCanary } from './canary-rollout';
import { divideRoutes } from './divided-routes';
import {
  EndpointRollout,
  endpointRolloutKinds,
  type EndpointRolloutProps,
  measuresOf,
  type SiteParts,
} from './endpoint-rollout';
import type { StrategyPart } from './placed-rollout';
import { samplesAt, samplingOf, shownTime } from './sampling';

type Strategy = NonNullable<NonNullable<IRollout['spec']>['strategy']>;

export interface ShadowRolloutProps<P extends Place> extends Omit<
  EndpointRolloutProps<P>,
  'quality'
> {
  /**
   * Share of the inferences over REST, in percent, that the new pods get a copy of.
   * @default 100
   */
  readonly percent?: number;
  /**
   * How long.
   * @default - what a quiet endpoint takes to show enough, 2 minutes at least, 6 hours at most
   */
  readonly duration?: Duration;
}

const shadowKinds = {
  prometheus: endpointRolloutKinds.prometheus,
  percent: optional(anyNumber),
  duration: optional(duration),
};

/** Name of the route with which Argo Rollouts has requests copied. */
const shadowRoute = 'shadow';

/**
 * New pods get a copy of an endpoint's inferences over REST, and nobody their answers. Where enough were seen and none of
 * the measures is worse, they get the requests themselves, all at once.
 */
export class ShadowRollout<const P extends Place = Place> extends EndpointRollout {
  /** @throws ConstructError MANARA_ROLLOUT for an endpoint that it cannot act on, and a time that cannot tell */
  constructor(endpoint: ModelEndpoint<P>, id: string, props: ShadowRolloutProps<NoInfer<P>> = {}) {
    const at = validateId(endpoint, id);
    checkProps(at, props, shadowKinds);
    const refuse = (message: string): never => {
      throw new ConstructError('MANARA_ROLLOUT', at, message);
    };
    const { percent = 100 } = props;
    if (!(Number.isInteger(percent) && percent >= 1 && percent <= 100)) {
      refuse(`percent: expected a whole percentage from 1 to 100; received ${percent}`);
    }
    const shared = endpoint.server && sharedState(endpoint.server.config);
    if (shared !== undefined) {
      refuse(
        `server.config.${shared}: a copy of a request would be counted, kept or reported beside the request itself; expected none of it on an endpoint that is shadowed, or a CanaryRollout; received one`,
      );
    }
    const measures = measuresOf(at, endpoint, props);
    const sampling = samplingOf(endpoint, measures);
    const samples = sampling.samplesAt(shareOf(percent));
    const rate = (sampling.quietPerSecond * percent) / 100;
    const needed = Math.max(sampling.leastSeconds, Math.ceil(samples / rate));
    const longest = longestByDefault.toSeconds();
    if (props.duration === undefined && needed > longest) {
      refuse(
        `duration: ${percent} % of a quiet site's requests, ${rate} a second, take ${shownTime(needed)} to tell a bad version from a good one; expected at least that; received nothing, which is ${shownTime(longest)} at most`,
      );
    }
    const seconds = props.duration === undefined ? needed : Math.ceil(props.duration.toSeconds());
    const least = Math.max(10, Math.ceil(samples / rate));
    if (seconds < least) {
      refuse(
        `duration: expected at least ${shownTime(least)}, in which ${percent} % of a quiet site's requests, ${rate} a second, are enough to tell; received ${shownTime(seconds)}`,
      );
    }
    super(endpoint, id, at, props, {
      rollout: 'ShadowRollout',
      mesh: true,
      parts: (site) => shadowParts(site, percent, seconds),
    });
  }
}

/** Copies come on top: of all requests that are answered or copied, this share are copies. */
function shareOf(percent: number): number {
  return percent / (100 + percent);
}

/** The first part of a configuration that pods keep together, or tell others. */
function sharedState({ variants, cache, limits, jobs }: GivenConfig): string | undefined {
  const parts = {
    variants,
    'cache.redis': cache?.redis,
    'limits.redis': limits?.redis,
    'jobs.redis': jobs?.redis,
  };
  return Object.entries(parts).find(([, value]) => value !== undefined)?.[0];
}

function shadowParts(
  { scope, workload, prometheus, judgements }: SiteParts,
  percent: number,
  seconds: number,
): StrategyPart {
  const { routes, endpoint } = workload;
  if (routes === undefined) throw new TypeError('a shadow needs a mesh');
  const divided = divideRoutes(scope, workload, routes);
  const { name } = endpoint;
  const options = { prometheus, patience: patienceOf([seconds]) };
  const gate = addGate(scope, 'gate', judgements, { ...options, name: `${name}-gate` });
  const watch = addWatch(scope, 'watch', judgements, { ...options, name: `${name}-watch` });
  return {
    dependsOn: [...divided.dependsOn, gate, watch],
    strategy: {
      canary: {
        ...steadyCanary,
        trafficRouting: { istio: divided.istio, managedRoutes: [{ name: shadowRoute }] },
        analysis: {
          templates: [{ templateName: watch.name }],
          startingStep: 2,
          args: analysisArgs(2 * seconds),
        },
        steps: [
          { setCanaryScale: { weight: percent } },
          {
            setMirrorRoute: { name: shadowRoute, percentage: percent, match: inferences(endpoint) },
          },
          { pause: { duration: `${seconds}s` } },
          {
            analysis: {
              templates: [{ templateName: gate.name }],
              args: analysisArgs(2 * seconds, samplesAt(judgements, shareOf(percent))),
            },
          },
          // A route without a match is one that goes.
          { setMirrorRoute: { name: shadowRoute } },
          { setCanaryScale: { matchTrafficWeight: true } },
        ],
      },
    } satisfies Strategy,
  };
}

/**
 * Inferences alone: what a copy of them does is over with the answer. Over REST, as the controller copies to
 * one port; exact, as gateways match prefixes.
 */
function inferences({ name: model, versions }: EndpointSpec): { path: { exact: string } }[] {
  const paths = [
    path(serverRoutes.modelInfer, { model }),
    ...versions.map(({ number: version }) =>
      path(serverRoutes.modelVersionInfer, { model, version }),
    ),
  ];
  return paths.map((exact) => ({ path: { exact } }));
}
