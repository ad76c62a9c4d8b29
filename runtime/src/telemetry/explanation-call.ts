import { logFields, spans } from '@manara/contract';
import { asServingError, type ServingError } from '../errors';
import type { ExplainAnswer } from '../explain/explainer';
import type { LoadedVersion } from '../repository/loaded-version';
import { logFailure, reasonOf, type RequestObserver } from './observer';
import { parseTraceparent, type TraceContext } from './trace-context';
import type { ExplanationOutcome, RequestSpan } from './tracing';
import type { Protocol } from './version-metrics';

/**
 * One explanation under observation. It is not counted among the inferences: it is thousands of them,
 * and would drown what callers see of theirs.
 */
export class ExplanationCall {
  /** The model's name, once it is read. */
  model = '';
  /** The version that answers, once it is found. */
  version: LoadedVersion | undefined;
  private readonly began = process.hrtime.bigint();
  private readonly parent: TraceContext | undefined;
  private readonly span: RequestSpan | undefined;

  constructor(
    private readonly observer: RequestObserver,
    private readonly protocol: Protocol,
    traceparent: string | undefined,
  ) {
    this.parent = parseTraceparent(traceparent);
    this.span = observer.tracing?.begin(this.parent, protocol, spans.explain);
  }

  succeeded({ method, evaluations }: Pick<ExplainAnswer, 'method' | 'evaluations'>): void {
    const micros = this.elapsedMicros();
    this.version?.metrics.explain.seconds.observe(micros / 1e6);
    this.trace({ method, evaluations }, undefined);
    if (!this.observer.log.enabled('debug')) return;
    const status = this.protocol === 'http' ? 200 : 'OK';
    this.observer.log.write('debug', 'request', 'explained', { ...this.fields(micros), status });
  }

  failed(thrown: unknown): ServingError {
    const error = asServingError(thrown);
    const micros = this.elapsedMicros();
    this.version?.metrics.explain.failure(reasonOf(error));
    this.observer.failures.note(error.code, this.version?.model, this.version?.version);
    this.trace({ method: undefined, evaluations: undefined }, error.code);
    const status = this.protocol === 'http' ? error.httpStatus : error.grpcStatus;
    logFailure(this.observer, error, thrown, { ...this.fields(micros), status });
    return error;
  }

  private fields(micros: number): Readonly<Record<string, string | number | undefined>> {
    return {
      [logFields.model]: this.version?.model,
      [logFields.version]: this.version?.version,
      [logFields.protocol]: this.protocol,
      [logFields.durationMicros]: Math.round(micros),
      [logFields.traceId]: this.parent?.traceId,
    };
  }

  private elapsedMicros(): number {
    return Number(process.hrtime.bigint() - this.began) / 1000;
  }

  private trace(explanation: ExplanationOutcome, error: string | undefined): void {
    this.span?.end({
      model: this.version?.model ?? this.model,
      version: this.version?.version,
      rows: 0,
      queueMicros: 0,
      computeMicros: 0,
      explanation,
      error,
    });
  }
}
