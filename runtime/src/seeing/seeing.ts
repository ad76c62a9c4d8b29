import type { Execution } from '../engine/version';
import type { ServerMetrics } from '../telemetry/metrics';
import { addProcessMetrics, EventLoopDelay } from '../telemetry/process-metrics';
import { RunMetrics } from '../telemetry/run-metrics';
import { RecentFailures } from './recent-failures';
import { RecentRuns } from './recent-runs';

type RunListener = (model: string, version: number, execution: Execution) => void;

/** What the server sees of itself besides single requests: its runs, its I/O thread, its failures. */
export class Seeing {
  readonly failures = new RecentFailures();
  readonly delay = new EventLoopDelay();
  readonly runs: RunMetrics;
  readonly recent: RecentRuns;
  private readonly listeners = new Set<RunListener>();

  constructor(
    metrics: ServerMetrics,
    /** Inference threads. */
    readonly threads: number,
  ) {
    this.runs = new RunMetrics(metrics, threads);
    this.recent = new RecentRuns(this.runs);
    addProcessMetrics(metrics, this.delay);
  }

  /** To be called as a run of the engine ends. */
  ran(model: string, version: number, execution: Execution): void {
    this.runs.ran(model, version, execution);
    for (const listener of this.listeners) listener(model, version, execution);
  }

  /** @returns what ends it. */
  listen(listener: RunListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  stop(): void {
    this.delay.stop();
    this.recent.stop();
  }
}
