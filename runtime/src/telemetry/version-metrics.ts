import type { FailureReason } from '@manara/contract';
import type { ExplanationMetrics } from './explanation-metrics';
import { SecondsCounts } from './seconds-histogram';

export type Protocol = 'http' | 'grpc' | 'job';

/** Time that an answered request took, in microseconds. */
export interface RequestMicros {
  /** From its arrival to its answer. */
  readonly total: number;
  readonly queue: number;
  readonly compute: number;
}

/**
 * What one version has done since the server started: plain numbers, as counting is on the way of every
 * request and reading is not.
 */
export class VersionMetrics {
  ready = false;
  success = 0;
  inferences = 0;
  /** Runs of the engine, each of one request or of several together. */
  executions = 0;
  requestMicros = 0;
  queueMicros = 0;
  computeMicros = 0;
  readonly failures = new Map<FailureReason, number>();
  readonly seconds: Readonly<Record<Protocol, SecondsCounts>>;

  /**
   * @param waiting - requests that wait for a worker, asked at each scrape.
   * @param objectiveSeconds - within which a request is to be answered. @default - not known
   */
  constructor(
    readonly model: string,
    readonly version: string,
    public waiting: () => number,
    readonly explain: ExplanationMetrics,
    objectiveSeconds?: number,
  ) {
    this.seconds = {
      http: new SecondsCounts(objectiveSeconds),
      grpc: new SecondsCounts(objectiveSeconds),
      job: new SecondsCounts(objectiveSeconds),
    };
  }

  answered(protocol: Protocol, batch: number, { total, queue, compute }: RequestMicros): void {
    this.success += 1;
    this.inferences += batch;
    this.requestMicros += total;
    this.queueMicros += queue;
    this.computeMicros += compute;
    this.seconds[protocol].observe(total / 1e6);
  }

  failed(reason: FailureReason): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
  }
}
