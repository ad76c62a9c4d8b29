import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { errors } from '../errors';
import type { SymbolicTensor } from '../protocol/tensor';
import type { LoadedVersion } from '../repository/loaded-version';
import type { Seeing } from '../seeing/seeing';
import type { BucketCounts } from '../telemetry/bucket-counts';
import { profileOperators } from './profile-operators';
import { RunRecorder } from './run-recorder';

/** Milliseconds of runs with onnxruntime's profiler on. */
const operatorMillis = 2000;

/** Size of a dimension that varies, where no request says it. */
const openSize = 1;

/** What `POST /v2/admin/profile` answers; times in milliseconds. */
export interface ProfileReport {
  readonly model: string;
  readonly version: string;
  readonly seconds: number;
  readonly event_loop_delay_ms: Spread & { readonly max: number };
  readonly requests: number;
  readonly runs: number;
  /** Runs by their greatest number of rows; `null`: beyond the last. */
  readonly rows_per_run: readonly { readonly most: number | null; readonly runs: number }[];
  readonly queue_ms: Spread;
  readonly compute_ms: Spread;
  /** Share of the inference threads' time that this version took. */
  readonly busy_share: number;
  readonly operators: OperatorsReport;
}

interface Spread {
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface OperatorsReport {
  /** Whether the shapes are those of the traffic; else one of each size that varies. */
  readonly shapes_of_traffic: boolean;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly runs: number;
  readonly ms: number;
  readonly by_operator: readonly TimeReport[];
  readonly by_node: readonly (TimeReport & { readonly operator: string })[];
}

/** In the mean run. */
interface TimeReport {
  readonly name: string;
  readonly calls: number;
  readonly ms: number;
  readonly share: number;
}

/** Watches a version for some seconds, then times its operators on the shapes that it was sent. */
export class Profiler {
  private underWay = false;

  constructor(
    private readonly seeing: Seeing,
    private readonly intraOpThreads: number,
  ) {}

  /**
   * @param left - ends the watch early: nobody waits for the report.
   * @throws ServingError PROFILE_RUNNING or PROFILE_FAILED.
   */
  async profile(
    version: LoadedVersion,
    seconds: number,
    left: AbortSignal,
  ): Promise<ProfileReport> {
    if (this.underWay) throw errors.profileRunning();
    this.underWay = true;
    version.acquire();
    try {
      return await this.watch(version, seconds, left);
    } finally {
      version.release();
      this.underWay = false;
    }
  }

  private async watch(
    version: LoadedVersion,
    seconds: number,
    signal: AbortSignal,
  ): Promise<ProfileReport> {
    const recorder = new RunRecorder();
    const delay = monitorEventLoopDelay({ resolution: 10 });
    const stop = this.seeing.listen((model, number, execution) => {
      if (model === version.model && number === version.version) recorder.record(execution);
    });
    delay.enable();
    const begun = performance.now();
    await setTimeout(seconds * 1000, undefined, { signal }).catch(() => undefined);
    const watched = (performance.now() - begun) / 1000;
    stop();
    delay.disable();
    if (signal.aborted) throw errors.requestCanceled();
    const { runs, requests, busyMicros, rows, queueSeconds, computeSeconds } = recorder;
    return {
      model: version.model,
      version: String(version.version),
      seconds: watched,
      event_loop_delay_ms: {
        p50: delay.percentile(50) / 1e6,
        p99: delay.percentile(99) / 1e6,
        max: delay.max / 1e6,
      },
      requests,
      runs,
      rows_per_run: filled(rows),
      queue_ms: spread(queueSeconds),
      compute_ms: spread(computeSeconds),
      busy_share: busyMicros / 1e6 / (watched * this.seeing.threads),
      operators: await this.operators(version, recorder),
    };
  }

  private async operators(
    { file, signature, model, version }: LoadedVersion,
    recorder: RunRecorder,
  ): Promise<OperatorsReport> {
    const shapes = recorder.mainShapes();
    const inputs = signature.inputs.map((input, i) => sized(input, shapes?.[i]));
    try {
      const { intraOpThreads } = this;
      const outputs = signature.outputs.map(({ name }) => name);
      const task = { file, inputs, outputs, intraOpThreads, millis: operatorMillis };
      const { runs, micros, operators, nodes } = await profileOperators(task);
      return {
        shapes_of_traffic: shapes !== undefined,
        shapes: Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])),
        runs,
        ms: micros / 1000,
        by_operator: operators.map(inMillis),
        by_node: nodes.map(inMillis),
      };
    } catch (error) {
      throw errors.profileFailed(
        model,
        version,
        error instanceof Error ? error.message : String(error),
      );
    }
  }
}

function sized(input: SymbolicTensor, shape: readonly number[] | undefined): SymbolicTensor {
  return { ...input, shape: shape ?? input.shape.map((size) => (size === -1 ? openSize : size)) };
}

function inMillis<T extends { readonly micros: number }>({ micros, ...rest }: T) {
  return { ...rest, ms: micros / 1000 };
}

function spread(seconds: BucketCounts): Spread {
  const millis = (share: number): number | null => {
    const value = seconds.quantile(share);
    return value === undefined ? null : value * 1000;
  };
  return { p50: millis(0.5), p99: millis(0.99) };
}

function filled({ buckets, bounds }: BucketCounts): ProfileReport['rows_per_run'] {
  return buckets.flatMap((runs, i) => (runs === 0 ? [] : [{ most: bounds[i] ?? null, runs }]));
}
