import { metrics } from '@manara/contract';
import type { Labels } from '../../peer';

/**
 * Label of every scraped pod that says which ReplicaSet it is of: the pod's `rollouts-pod-template-hash`, as
 * Prometheus writes it.
 */
export const hashLabel = 'rollouts_pod_template_hash';

/** Arguments of an analysis, which Argo Rollouts fills in. */
export const args = {
  candidate: 'canary-hash',
  present: 'stable-hash',
  window: 'window',
} as const;

/** Argument with the requests that a metric has to have seen. */
export function samplesArg(metric: string): string {
  return `samples-${metric}`;
}

/** PromQL that counts, within the window, what went well and all. */
export interface TallyQuery {
  readonly good: string;
  readonly all: string;
}

/** The candidate's requests beside the present version's. */
export interface Comparison {
  readonly candidate: TallyQuery;
  readonly present: TallyQuery;
}

/** Series of an endpoint, by the model's name and what tells its Prometheus' clusters apart. */
export interface Series {
  readonly model: string;
  readonly labels: Labels;
}

/** Requests that were answered, of all but those that their callers gave up. */
export function errorTallies(series: Series): Comparison {
  const { requestSuccess, requestFailure } = metrics;
  const either = `__name__=~"${requestSuccess.name}|${requestFailure.name}"`;
  return both((count, pods) => ({
    good: count(selector(series, [pods], requestSuccess.name)),
    all: count(selector(series, [either, pods, 'reason!="CANCELED"'])),
  }));
}

/** Answers that took no longer than the bound of one of the histogram's buckets, in seconds. */
export function latencyTallies(series: Series, boundSeconds: number): Comparison {
  const { name } = metrics.requestSeconds;
  // 1 and 1.0 are one bound, written by old and by new versions of Prometheus.
  const le = Number.isInteger(boundSeconds)
    ? `le=~"${boundSeconds}|${boundSeconds}.0"`
    : `le="${boundSeconds}"`;
  const { candidate, present } = both((count, pods) => ({
    good: count(selector(series, [pods, notOfJobs, le], `${name}_bucket`)),
    all: count(selector(series, [pods, notOfJobs], `${name}_count`)),
  }));
  // Pods of before the objective was changed have no bucket that ends at it: it alone decides.
  return { candidate, present: { ...present, good: `(${present.good} or ${present.all})` } };
}

/** Requests that a job makes of itself wait as long as they like. */
const notOfJobs = 'protocol!="job"';

/**
 * Predictions that their outcomes proved right. An outcome may be told to any pod, so that they are told apart
 * by version and not by pod.
 */
export function qualityTallies(series: Series, versions: readonly number[]): Comparison {
  const { name } = metrics.variantOutcomes;
  const of = (version: string): TallyQuery => ({
    // Where none was right there is no series of right ones.
    good: `(${growth(selector(series, [version, 'match="true"'], name))} or vector(0))`,
    all: growth(selector(series, [version], name)),
  });
  const pattern = versions.join('|');
  return { candidate: of(`version=~"${pattern}"`), present: of(`version!~"${pattern}"`) };
}

/** Requests that the present pods gave to other versions than these: what says that versions change. */
export function otherVersions(series: Series, versions: readonly number[]): string {
  const other = `version!~"${versions.join('|')}"`;
  return growth(selector(series, [presentPods, other], metrics.variantRequests.name));
}

/**
 * `comparisonScore` of the planner as PromQL, by what went well: one number, or nothing where the candidate
 * or the present version was not asked.
 */
export function scoreQuery({ candidate, present }: Comparison, allowed: number): string {
  return `2 * (
  asin(sqrt(clamp_max(
    (${present.good} + 0.375)
    / ((${present.all} > 0) + 0.75),
    ${Number((1 - allowed).toPrecision(12))}
  )))
  - asin(sqrt(clamp_max(
    (${candidate.good} + 0.375)
    / (${candidate.all} + 0.75),
    1
  )))
) / sqrt(
  1 / (${present.all} + 0.5)
  + 1 / (${candidate.all} + 0.5)
)`;
}

/** What a comparison has to show. */
export interface Judged {
  readonly metric: string;
  readonly comparison: Comparison;
  /** Share that may go wrong, however good the present version is. */
  readonly allowed: number;
  /** PromQL that says by more than 0 that it applies. @default - it always does */
  readonly applies?: string;
}

/** The score, where enough was seen to call the candidate good; 0 where there is nothing to judge. */
export function judgedQuery({ metric, comparison, allowed, applies }: Judged): string {
  const judged = `${scoreQuery(comparison, allowed)}
and ${comparison.candidate.all} >= {{args.${samplesArg(metric)}}}`;
  return applies === undefined ? judged : `${judged}\nor (vector(0) unless ${applies} > 0)`;
}

const candidatePods = `${hashLabel}="{{args.${args.candidate}}}"`;
const presentPods = `${hashLabel}="{{args.${args.present}}}"`;

type Count = (series: string) => string;

function both(of: (count: Count, pods: string) => TallyQuery): Comparison {
  return { candidate: of(sinceBirth, candidatePods), present: of(growth, presentPods) };
}

/** All versions that a pod serves count: a new one may break what an old one needs. */
function selector({ model, labels }: Series, matchers: readonly string[], name = ''): string {
  const own = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${name}{${[`model="${model}"`, ...own, ...matchers].join(',')}}`;
}

function growth(series: string): string {
  return `sum(increase(${series}[{{args.${args.window}}}]))`;
}

/**
 * All that the candidate's pods counted, as all of it is of this rollout. `increase` would not see what a
 * series is born with: the first error, and all that a quiet pod has.
 */
function sinceBirth(series: string): string {
  return `sum(max_over_time(${series}[{{args.${args.window}}}]))`;
}
