import { type FailureReason, headers, logFields } from '@manara/contract';
import type { CallTerms } from '../call';
import type { Execution } from '../engine/version';
import { asServingError, type ServingError } from '../errors';
import type { Answer } from '../infer';
import type { RecentFailures } from '../seeing/recent-failures';
import type { LoadedVersion } from '../repository/loaded-version';
import { loggableEngineError, type ServerLog } from './logger';
import type { RefusalLog } from './refusal-log';
import { parseTraceparent, type TraceContext } from './trace-context';
import type { RequestSpan, Tracing } from './tracing';
import type { Protocol } from './version-metrics';
import { detailOf } from '../thrown';

/** Tells metrics, statistics, logs and traces of each inference. */
export class RequestObserver {
  constructor(
    readonly log: ServerLog,
    readonly tracing: Tracing | undefined,
    readonly failures: RecentFailures,
    readonly refusals: RefusalLog,
  ) {}

  /** To be called as a request arrives. */
  begin(protocol: Protocol, terms: Pick<CallTerms, 'header'>): InferenceCall {
    const { tracing } = this;
    const traceparent = terms.header(headers.traceparent);
    if (tracing === undefined) {
      return new InferenceCall(this, protocol, parseTraceparent(traceparent));
    }
    const parent = parseTraceparent(traceparent, terms.header(headers.tracestate));
    return new InferenceCall(this, protocol, parent, tracing.begin(parent, protocol));
  }

  /** To be called as a run of the engine ends. */
  ran(model: string, version: number, { jobs, rows, computeMicros }: Execution): void {
    if (this.tracing === undefined) return;
    const spans = jobs.flatMap(({ span }) => span ?? []);
    if (spans.length === 0) return;
    this.tracing.ran({ model, version, requests: jobs.length, rows, computeMicros, spans });
  }
}

/** One inference under observation, from its arrival to its answer. */
export class InferenceCall {
  /** The model's name, once it is read. */
  model = '';
  /** The version that answers, once it is found. */
  version: LoadedVersion | undefined;
  private readonly began = performance.now();

  constructor(
    private readonly observer: RequestObserver,
    private readonly protocol: Protocol,
    private readonly parent: TraceContext | undefined,
    /** Where it is traced. */
    readonly span?: RequestSpan,
  ) {}

  succeeded({ queueMicros, computeMicros, batch }: Answer): void {
    const micros = this.elapsedMicros();
    if (this.version !== undefined) {
      const { metrics, statistics } = this.version;
      statistics.recordSuccess(batch, micros, queueMicros, computeMicros);
      metrics.answered(this.protocol, batch, {
        total: micros,
        queue: queueMicros,
        compute: computeMicros,
      });
    }
    this.trace(batch, queueMicros, computeMicros, undefined);
    if (this.observer.log.enabled('debug')) {
      const status = this.protocol === 'grpc' ? 'OK' : 200;
      this.observer.log.write('debug', 'request', 'answered', { ...this.fields(micros), status });
    }
  }

  failed(thrown: unknown): ServingError {
    const error = asServingError(thrown);
    const micros = this.elapsedMicros();
    if (this.version !== undefined) {
      this.version.statistics.recordFailure(micros);
      this.version.metrics.failed(reasonOf(error));
    }
    this.observer.failures.note(error.code, this.version?.model, this.version?.version);
    this.trace(0, 0, 0, error.code);
    const status = this.protocol === 'grpc' ? error.grpcStatus : error.httpStatus;
    logFailure(this.observer, error, thrown, { ...this.fields(micros), status });
    return error;
  }

  private fields(micros: number): Readonly<Record<string, string | number | undefined>> {
    return {
      // An unknown model's name is whatever the caller chose to send.
      [logFields.model]: this.version?.model,
      [logFields.version]: this.version?.version,
      [logFields.protocol]: this.protocol,
      [logFields.durationMicros]: Math.round(micros),
      [logFields.traceId]: this.parent?.traceId,
    };
  }

  private elapsedMicros(): number {
    return (performance.now() - this.began) * 1000;
  }

  private trace(
    rows: number,
    queueMicros: number,
    computeMicros: number,
    error: string | undefined,
  ): void {
    this.span?.end({
      model: this.version?.model ?? this.model,
      version: this.version?.version,
      rows,
      queueMicros,
      computeMicros,
      error,
    });
  }
}

/** A log line of what could not be answered. */
export function logFailure(
  { log, refusals }: RequestObserver,
  error: ServingError,
  thrown: unknown,
  request: Readonly<Record<string, string | number | undefined>>,
): void {
  const fields = { ...request, [logFields.error]: error.code };
  if (error.retryAfterSeconds !== undefined || error.httpStatus < 500) {
    refusals.write(error, fields);
    return;
  }
  const detail = error === thrown ? loggableEngineError(error.message) : detailOf(thrown);
  log.write('error', 'request_failed', detail, fields);
}

export function reasonOf({ httpStatus, grpcStatus }: ServingError): FailureReason {
  if (grpcStatus === 'CANCELLED') return 'CANCELED';
  if (httpStatus === 503) return 'REJECTED';
  return httpStatus >= 500 ? 'BACKEND' : 'OTHER';
}
