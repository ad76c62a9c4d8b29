import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1';
import { metrics as serverMetrics } from '@manara/contract';
import type { Place } from '@manara/residency';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { type Judgement, worse } from './judgement';
import type { PrometheusProps } from './prometheus';
import { args, hashLabel, judgedQuery, samplesArg, scoreQuery } from './queries';

type Spec = IAnalysisTemplate['spec'];
type Metric = NonNullable<Spec['metrics']>[number];

/** How often an analysis asks, and how often it asks again where too little was seen. */
export interface Patience {
  readonly intervalSeconds: number;
  readonly looks: number;
}

export interface AnalysisOptions {
  readonly name: string;
  readonly prometheus: PrometheusProps<Place>;
  readonly patience: Patience;
}

const candidate = { name: args.candidate };
const present = { name: args.present };
const window = { name: args.window };

/** Argument that a bearer token comes in. */
const tokenArg = 'prometheus-token';

/**
 * Passed once enough was seen and nothing of it is worse; failed by what is worse; inconclusive, which
 * pauses the rollout, where too little was seen for too long.
 */
export function addGate(
  scope: Construct,
  id: string,
  judgements: readonly Judgement[],
  options: AnalysisOptions,
): ApiObject {
  const samples = judgements.map(({ metric }) => ({ name: samplesArg(metric) }));
  return addTemplate(scope, id, options, {
    args: [candidate, present, window, ...samples],
    metrics: judgements.map((judgement) => ({
      name: judgement.metric,
      ...once(options.patience),
      successCondition: `len(result) > 0 && result[0] <= ${worse}`,
      failureCondition: `len(result) > 0 && result[0] > ${worse}`,
      provider: provider(options, judgedQuery(judgement)),
    })),
  });
}

/**
 * Failed by what is worse, however little was seen; quiet otherwise.
 *
 * @param looks how often it looks; as long as it runs unless it is given
 */
export function addWatch(
  scope: Construct,
  id: string,
  judgements: readonly Judgement[],
  options: AnalysisOptions & { readonly looks?: number },
): ApiObject {
  const { patience, looks } = options;
  return addTemplate(scope, id, options, {
    args: [candidate, present, window],
    metrics: judgements.map(({ metric, comparison, allowed }) => ({
      // Metrics of templates that run together have names of their own.
      name: `${metric}-watched`,
      interval: `${patience.intervalSeconds}s`,
      ...(looks === undefined ? {} : { count: looks }),
      failureLimit: 0,
      consecutiveErrorLimit: patience.looks,
      failureCondition: `len(result) > 0 && result[0] > ${worse}`,
      provider: provider(options, scoreQuery(comparison, allowed)),
    })),
  });
}

/** Passed once every pod of the new version has all of its models. */
export function addReadiness(
  scope: Construct,
  id: string,
  model: string,
  options: AnalysisOptions,
): ApiObject {
  const own = Object.entries(options.prometheus.labels ?? {});
  const labels = [
    `model="${model}"`,
    ...own.map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  ];
  const pods = `${hashLabel}="{{args.${args.candidate}}}"`;
  return addTemplate(scope, id, options, {
    args: [candidate],
    metrics: [
      {
        name: 'ready',
        ...once(options.patience),
        successCondition: 'len(result) > 0 && result[0] == 1',
        // What is not ready yet may be, at the next look.
        failureCondition: 'false',
        provider: provider(
          options,
          `min(${serverMetrics.modelReady.name}{${[...labels, pods].join(',')}})`,
        ),
      },
    ],
  });
}

/** Asked until it succeeds once, as often as patience allows. */
function once({ intervalSeconds, looks }: Patience): Omit<Metric, 'name' | 'provider'> {
  return {
    interval: `${intervalSeconds}s`,
    // A step's analysis must have an end.
    count: looks,
    consecutiveSuccessLimit: 1,
    failureLimit: 0,
    inconclusiveLimit: looks - 1,
    consecutiveErrorLimit: looks,
  };
}

function provider({ prometheus }: AnalysisOptions, query: string): Metric['provider'] {
  const headers = [{ key: 'Authorization', value: `Bearer {{args.${tokenArg}}}` }];
  return {
    prometheus: {
      address: prometheus.uri,
      ...(prometheus.token === undefined ? {} : { headers }),
      query,
    },
  };
}

function addTemplate(
  scope: Construct,
  id: string,
  { name, prometheus }: AnalysisOptions,
  spec: Spec,
): ApiObject {
  const { token } = prometheus;
  const secret = token && {
    name: tokenArg,
    valueFrom: { secretKeyRef: { name: token.secret, key: token.key } },
  };
  return new ApiObject(scope, id, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name },
    spec: { ...spec, args: [...(spec.args ?? []), ...(secret === undefined ? [] : [secret])] },
  });
}
