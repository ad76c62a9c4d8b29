import { autoscalerFacts, coldStartSeconds, type ColdStart, type ReplicaShape } from '../../../src';
import type { PodMetric } from './autoscaler';

const { metricsSeconds } = autoscalerFacts;

/** A replica: a queue of its own before its workers, and the CPU that it used in each period of the metrics. */
export class Pod {
  /** The container runs from then on. */
  readonly startedAt: number;
  readonly readyAt: number;
  private readonly freeAt: Float64Array;
  private readonly usedMillis = new Map<number, number>();

  constructor(
    readonly createdAt: number,
    private readonly shape: ReplicaShape,
    coldStart: ColdStart,
  ) {
    this.startedAt = createdAt + coldStart.nodeSeconds + coldStart.imagePullSeconds;
    this.readyAt = createdAt + coldStartSeconds(coldStart);
    this.freeAt = new Float64Array(shape.workers).fill(this.readyAt);
  }

  /** @returns milliseconds from the request's arrival to its answer */
  answer(now: number): number {
    const { inferenceMillis, overheadMillis, cpu } = this.shape;
    let first = 0;
    for (let i = 1; i < this.freeAt.length; i++) {
      if ((this.freeAt[i] ?? 0) < (this.freeAt[first] ?? 0)) first = i;
    }
    const start = Math.max(now, this.freeAt[first] ?? 0);
    const end = start + inferenceMillis / 1000;
    this.freeAt[first] = end;
    const period = Math.floor(start / metricsSeconds);
    const used = this.usedMillis.get(period) ?? 0;
    this.usedMillis.set(period, used + (cpu?.millisPerRequest ?? 0));
    return (end - now) * 1000 + overheadMillis;
  }

  /** What metrics-server last measured. */
  metric(now: number): PodMetric {
    const period = Math.floor(now / metricsSeconds) - 1;
    const from = period * metricsSeconds;
    if (now < this.startedAt) return { use: 0, isUnready: true };
    if (from < this.startedAt) return { use: undefined, isUnready: false };
    const requested = (this.shape.cpu?.requestMillis ?? 0) * metricsSeconds;
    const use = (this.usedMillis.get(period) ?? 0) / requested;
    return { use, isUnready: from < this.readyAt };
  }
}
