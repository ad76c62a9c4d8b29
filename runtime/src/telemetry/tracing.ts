import { spanAttributes, spans } from '@manara/contract';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { TraceContext } from './trace-context';
import type { Protocol } from './version-metrics';

/** An answered or refused request, as spans tell it. Times are in milliseconds since the epoch. */
export interface RequestTrace {
  readonly parent: TraceContext | undefined;
  readonly protocol: Protocol;
  readonly start: number;
  readonly end: number;
  readonly model: string;
  /** `undefined` where no version was found to answer. */
  readonly version: number | undefined;
  readonly batchSize: number;
  readonly queueMicros: number;
  readonly computeMicros: number;
  /** Set for an explanation, which is many runs and not one. @default - an inference */
  readonly explanation?: {
    readonly method: string | undefined;
    readonly evaluations: number | undefined;
  };
  /** Code of the error, where the request was not answered. */
  readonly error: string | undefined;
}

/** Records the spans of requests. */
export interface Tracing {
  record(request: RequestTrace): void;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Spans sent to an OTLP/HTTP collector.
 *
 * @param endpoint - the collector's address; `/v1/traces` is added where it has no path.
 */
export async function startTracing(endpoint: string): Promise<Tracing> {
  // Loaded only where traces are wanted: together they take longer to load than the server.
  const api = await import('@opentelemetry/api');
  const { BatchSpanProcessor, NodeTracerProvider } = await import('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'manara-server' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl(endpoint) }))],
  });
  const recorder = new SpanRecorder(api, provider.getTracer('@manara/runtime'));
  return {
    record: (request) => {
      recorder.record(request);
    },
    shutdown: () => provider.shutdown(),
  };
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

class SpanRecorder {
  constructor(
    private readonly api: typeof OpenTelemetry,
    private readonly tracer: OpenTelemetry.Tracer,
  ) {}

  /** Spans are made after the fact: the hot path carries numbers, not span objects. */
  record(request: RequestTrace): void {
    const { trace, ROOT_CONTEXT, SpanKind, SpanStatusCode } = this.api;
    const { parent, start, end, queueMicros, computeMicros, explanation } = request;
    const around =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
    const span = this.tracer.startSpan(
      explanation === undefined ? spans.request : spans.explain,
      {
        kind: SpanKind.SERVER,
        startTime: start,
        attributes: {
          [spanAttributes.model]: request.model,
          [spanAttributes.version]: request.version,
          [spanAttributes.protocol]: request.protocol,
          ...(explanation === undefined
            ? { [spanAttributes.batchSize]: request.batchSize }
            : {
                [spanAttributes.explainMethod]: explanation.method,
                [spanAttributes.explainEvaluations]: explanation.evaluations,
              }),
        },
      },
      around,
    );
    if (request.error === undefined && explanation === undefined) {
      // The run ends as the reply begins, which takes next to nothing.
      const computeStart = end - computeMicros / 1000;
      const inside = trace.setSpan(around, span);
      const queueStart = computeStart - queueMicros / 1000;
      this.tracer.startSpan(spans.queue, { startTime: queueStart }, inside).end(computeStart);
      this.tracer.startSpan(spans.compute, { startTime: computeStart }, inside).end(end);
    } else if (request.error !== undefined) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: request.error });
    }
    span.end(end);
  }
}
