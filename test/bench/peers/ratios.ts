import { median } from '../table';
import type { Pair, Sample } from './sample';

export type Measure = 'throughput' | 'cpu' | 'p50' | 'p99';

const value: Readonly<Record<Measure, (sample: Sample) => number>> = {
  throughput: (it) => it.requestsPerSecond,
  cpu: (it) => it.cpuMicros,
  p50: (it) => it.p50Millis ?? NaN,
  p99: (it) => it.p99Millis ?? NaN,
};

/** Ours divided by theirs: the median over the rounds of each round's ratio. NaN where they have none. */
export function ratioOf(measure: Measure, pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours, theirs }) => value[measure](ours) / value[measure](theirs)));
}

/** The median over the rounds. */
export function middle(measure: Measure, samples: readonly Sample[]): number {
  return median(samples.map(value[measure]));
}
