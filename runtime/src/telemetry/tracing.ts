import { spanAttributes, spans } from '@manara/contract';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { TraceContext } from './trace-context';
import type { Protocol } from './version-metrics';

/** How a request ended, as its span tells it. */
export interface RequestOutcome {
  readonly model: string;
  /** `undefined` where no version was found to answer. */
  readonly version: number | undefined;
  /** Rows of the request. */
  readonly rows: number;
  readonly queueMicros: number;
  readonly computeMicros: number;
  /** Set for an explanation, which is many runs and not one. @default - an inference */
  readonly explanation?: ExplanationOutcome;
  /** Code of the error, where the request was not answered. */
  readonly error: string | undefined;
}

export interface ExplanationOutcome {
  readonly method: string | undefined;
  readonly evaluations: number | undefined;
}

/** A run of the engine, as its span tells it. */
export interface BatchTrace {
  readonly model: string;
  readonly version: number;
  readonly requests: number;
  readonly rows: number;
  readonly computeMicros: number;
  /** Of those of its requests that are traced. */
  readonly spans: readonly RequestSpan[];
}

/** Records the spans of requests and of the runs that they shared. */
export interface Tracing {
  /**
   * @param name - of the span. @default - that of an inference
   * @returns `undefined` where the request is not sampled
   */
  begin(
    parent: TraceContext | undefined,
    protocol: Protocol,
    name?: string,
  ): RequestSpan | undefined;
  /** To be called as a run ends, before its requests do. */
  ran(batch: BatchTrace): void;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Spans sent to an OTLP/HTTP collector.
 *
 * @param endpoint - the collector's address; `/v1/traces` is added where it has no path.
 * @param ratio - share of requests to sample where the caller does not say.
 */
export async function startTracing(endpoint: string, ratio: number): Promise<Tracing> {
  // Loaded only where traces are wanted: together they take longer to load than the server.
  const api = await import('@opentelemetry/api');
  const sdk = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const exporter = new OTLPTraceExporter({ url: tracesUrl(endpoint) });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'manara-server' }),
    // What is not to be recorded is not begun: even a span that records nothing costs as much as a run.
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('@manara/runtime');
  return new SpanRecorder(api, tracer, ratio, () => provider.shutdown());
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

class SpanRecorder implements Tracing {
  constructor(
    private readonly api: typeof OpenTelemetry,
    private readonly tracer: OpenTelemetry.Tracer,
    private readonly ratio: number,
    readonly shutdown: () => Promise<void>,
  ) {}

  begin(
    parent: TraceContext | undefined,
    protocol: Protocol,
    name: string = spans.request,
  ): RequestSpan | undefined {
    const { trace, ROOT_CONTEXT, SpanKind, TraceFlags, createTraceState } = this.api;
    const sampled =
      parent === undefined
        ? Math.random() < this.ratio
        : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!sampled) return undefined;
    let around = ROOT_CONTEXT;
    if (parent !== undefined) {
      const { traceState: text, ...ids } = parent;
      const traceState = text === undefined ? {} : { traceState: createTraceState(text) };
      around = trace.setSpanContext(ROOT_CONTEXT, { ...ids, ...traceState, isRemote: true });
    }
    const attributes = { [spanAttributes.protocol]: protocol };
    const options = { kind: SpanKind.SERVER, attributes };
    const span = this.tracer.startSpan(name, options, around);
    return new RequestSpan(this.api, this.tracer, span);
  }

  ran({ model, version, requests, rows, computeMicros, spans: served }: BatchTrace): void {
    const end = Date.now();
    const span = this.tracer.startSpan(
      spans.batch,
      {
        startTime: end - computeMicros / 1000,
        links: served.map(({ context }) => ({ context })),
        attributes: {
          [spanAttributes.model]: model,
          [spanAttributes.version]: version,
          [spanAttributes.batchSize]: rows,
          [spanAttributes.batchRequests]: requests,
        },
      },
      this.api.ROOT_CONTEXT,
    );
    span.end(end);
    for (const request of served) request.batch = span.spanContext();
  }
}

/** The span of a request that is under way and sampled. */
export class RequestSpan {
  readonly context: OpenTelemetry.SpanContext;
  /** The run that it shared, once it ended. */
  batch: OpenTelemetry.SpanContext | undefined;

  constructor(
    private readonly api: typeof OpenTelemetry,
    private readonly tracer: OpenTelemetry.Tracer,
    private readonly span: OpenTelemetry.Span,
  ) {
    this.context = span.spanContext();
  }

  end(outcome: RequestOutcome): void {
    const { span } = this;
    const { model, version, rows, queueMicros, computeMicros, explanation, error } = outcome;
    const end = Date.now();
    span.setAttributes({ [spanAttributes.model]: model, [spanAttributes.version]: version });
    if (explanation === undefined) span.setAttribute(spanAttributes.batchSize, rows);
    else {
      span.setAttributes({
        [spanAttributes.explainMethod]: explanation.method,
        [spanAttributes.explainEvaluations]: explanation.evaluations,
      });
    }
    if (error !== undefined)
      span.setStatus({ code: this.api.SpanStatusCode.ERROR, message: error });
    else if (explanation === undefined) this.children(end, queueMicros, computeMicros);
    span.end(end);
  }

  /** Headers by which a call that this request leads to is part of its trace. */
  headers(): Readonly<Record<string, string>> {
    const { traceId, spanId, traceFlags, traceState } = this.context;
    const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
    const state = traceState?.serialize();
    return state === undefined || state === ''
      ? { traceparent }
      : { traceparent, tracestate: state };
  }

  /** Made after the fact: until then the way of a request carries numbers. */
  private children(end: number, queueMicros: number, computeMicros: number): void {
    const { trace, ROOT_CONTEXT } = this.api;
    const inside = trace.setSpan(ROOT_CONTEXT, this.span);
    // The run ends as the reply begins, which takes next to nothing.
    const computeStart = end - computeMicros / 1000;
    const queueStart = computeStart - queueMicros / 1000;
    this.tracer.startSpan(spans.queue, { startTime: queueStart }, inside).end(computeStart);
    const links = this.batch === undefined ? [] : [{ context: this.batch }];
    this.tracer.startSpan(spans.compute, { startTime: computeStart, links }, inside).end(end);
  }
}
