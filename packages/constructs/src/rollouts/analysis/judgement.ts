import { boundary, samplesFor } from '@manara/planner';
import type { EndpointSpec } from '../../engines/lowering';
import type { Quality } from './quality';
import {
  errorTallies,
  type Judged,
  latencyTallies,
  otherVersions,
  qualityTallies,
  type Series,
} from './queries';

/** One measure by which a new version is held to an endpoint's objective and to the present version. */
export interface Judgement extends Judged {
  readonly metric: 'errors' | 'latency' | 'quality';
  /** Requests that the new version must have had where it gets a share of them. */
  readonly samplesAt: (share: number) => number;
  /** Part of the requests that is counted. */
  readonly counted: number;
}

/** Of a hundred versions that are no worse than the present one, one is rolled back by chance. */
const falseAlarms = 0.01;
/** Requests of a rollout over those of its first look. */
const growth = 10_000;
/** Metrics that each have their part of the false alarms. */
const metrics = 3;

/** Score above which a version is worse. Two decimals, rounded up, so that it can be read in a query. */
export const worse =
  Math.ceil(boundary({ falseAlarms: falseAlarms / metrics, growth }) * 100) / 100;

/** What 99 % of answers keep, 1 % need not. */
const allowedLate = 0.01;

/** An error budget that burns this many times as fast as it may must not pass. */
const burnRate = 10;

/** The measures of an endpoint: errors and latency by its objective, and quality where outcomes are told. */
export function judgements(
  endpoint: EndpointSpec,
  series: Series,
  quality: Quality | undefined,
): readonly Judgement[] {
  const { availabilityPercent, p99Latency } = endpoint.objective;
  const allowed = Number((1 - availabilityPercent / 100).toPrecision(6));
  // As the server's configuration has it, in whole milliseconds: one of its buckets ends there.
  const bound = Math.ceil(p99Latency.toMilliseconds()) / 1000;
  return [
    {
      metric: 'errors',
      allowed,
      // Half of the way to all of them, where ten times the budget would be more.
      samplesAt: samples(allowed, Math.min(burnRate * allowed, (1 + allowed) / 2)),
      counted: 1,
      comparison: errorTallies(series),
    },
    {
      metric: 'latency',
      allowed: allowedLate,
      samplesAt: samples(allowedLate, 5 * allowedLate),
      counted: 1,
      comparison: latencyTallies(series, bound),
    },
    ...(quality === undefined ? [] : [qualityJudgement(series, quality)]),
  ];
}

function qualityJudgement(
  series: Series,
  { largestDrop, outcomesShare, versions }: Quality,
): Judgement {
  return {
    metric: 'quality',
    allowed: 0,
    // Where half of the predictions are right, most are needed to tell.
    samplesAt: samples(0.5, 0.5 + largestDrop),
    counted: outcomesShare,
    comparison: qualityTallies(series, versions),
    applies: otherVersions(series, versions),
  };
}

function samples(allowed: number, detectable: number): Judgement['samplesAt'] {
  return (share) => samplesFor({ allowed, detectable, boundary: worse, share });
}
