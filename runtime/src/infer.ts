import type { CallTerms } from './call';
import { errors, ServingError } from './errors';
import type { RunResult } from './engine/pending-run';
import type { RunTerms, Scheduler } from './engine/scheduler';
import type { InferResponse, Tensor } from './protocol/tensor';
import type { CheckedRequest, RequestSignature } from './protocol/validate';
import { noUrgency, type Urgency } from './protocol/urgency';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';
import type { RequestSpan } from './telemetry/tracing';

/** An answered request, with what telemetry tells of it. */
export interface Answer<Request extends CheckedRequest = CheckedRequest> {
  readonly request: Request;
  readonly response: InferResponse;
  readonly queueMicros: number;
  readonly computeMicros: number;
  readonly batch: number;
  /** What the front end says of the answer beside it, as headers or metadata. */
  readonly headers: AnswerHeaders | undefined;
}

/** Names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** A checked request on its way to the engine. */
export interface Run {
  readonly version: LoadedVersion;
  readonly request: CheckedRequest;
  readonly terms: CallTerms;
  /** Of the request, where it is traced. */
  readonly span: RequestSpan | undefined;
}

/** What a run, or a step in its place, gave. */
export interface StepResult extends RunResult {
  /** @default - none */
  readonly headers?: AnswerHeaders;
}

/** A step around the engine: answers itself, passes on, or passes something else on. */
export type RunStep = (run: Run, next: (run: Run) => Promise<StepResult>) => Promise<StepResult>;

/**
 * Reads a request against what the version takes and gives.
 *
 * @throws ServingError
 */
export type RequestReader<Request extends CheckedRequest> = (
  signature: RequestSignature,
) => Request | Promise<Request>;

/**
 * The way of every inference, whatever protocol it came over: read, the steps that guard or shorten
 * the way (cache, fallback), queue, run.
 */
export class InferencePipeline {
  private readonly through: (run: Run) => Promise<StepResult>;

  /** @param steps - the first is the outermost. */
  constructor(
    private readonly repository: ModelRepository,
    private readonly scheduler: Scheduler,
    steps: readonly RunStep[] = [],
  ) {
    this.through = steps.reduceRight<(run: Run) => Promise<StepResult>>(
      (next, step) => (run) => step(run, next),
      ({ version, request, terms, span }) =>
        this.evaluate(version, request.inputs, request.outputs, terms, span),
    );
  }

  /**
   * The version that is to answer.
   *
   * @param version - `undefined` or empty: the model's default version.
   * @throws ServingError MODEL_UNKNOWN, VERSION_UNKNOWN or MODEL_NOT_READY.
   */
  find(model: string, version: string | undefined): LoadedVersion {
    return this.repository.find(model, version);
  }

  /**
   * @param span - of the request. @default - it is not traced
   * @throws ServingError
   */
  async run<Request extends CheckedRequest>(
    version: LoadedVersion,
    read: RequestReader<Request>,
    terms: CallTerms,
    span?: RequestSpan,
  ): Promise<Answer<Request>> {
    // Held from here on, so that the version is still there once a large body is read.
    version.acquire();
    try {
      this.scheduler.checkLoad(version.key, terms);
      const came = performance.now();
      const request = await read(version.signature);
      const urgent = withUrgency(terms, request.urgency ?? noUrgency, came);
      const result = await this.through({ version, request, terms: urgent, span });
      return {
        request,
        response: { model: version.model, version: version.version, outputs: result.outputs },
        queueMicros: result.queueMicros,
        computeMicros: result.computeMicros,
        batch: version.signature.maxBatchSize > 0 ? (request.inputs[0]?.shape[0] ?? 1) : 1,
        headers: result.headers,
      };
    } finally {
      version.release();
    }
  }

  /**
   * Runs the engine past the steps, for work of the server's own: a cached answer, or one that was
   * put in the model's place, says nothing of the model. The caller holds the version.
   *
   * @throws ServingError
   */
  async evaluate(
    version: LoadedVersion,
    inputs: readonly Tensor[],
    outputs: readonly string[],
    terms: RunTerms,
    span?: RequestSpan,
  ): Promise<RunResult> {
    try {
      return await this.scheduler.run(version.key, inputs, outputs, terms, span);
    } catch (error) {
      if (error instanceof ServingError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw errors.engineFailed(version.model, version.version, detail);
    }
  }
}

/** The terms of a request that says itself how soon it is to be answered. */
function withUrgency(terms: CallTerms, urgency: Urgency, came: number): CallTerms {
  const { timeoutMicros, priority } = urgency;
  if (timeoutMicros === undefined && priority === undefined) return terms;
  const deadline = came + (timeoutMicros ?? Infinity) / 1000;
  return {
    caller: terms.caller,
    left: terms.left,
    deadline: Math.min(deadline, terms.deadline ?? Infinity),
    priority: priority ?? terms.priority,
    header: (name) => terms.header(name),
  };
}
