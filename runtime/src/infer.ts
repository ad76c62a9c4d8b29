import type { Caller, CallTerms } from './call';
import { errors, ServingError } from './errors';
import type { RunResult } from './engine/pending-run';
import type { RunTerms, Scheduler } from './engine/scheduler';
import type { InferResponse, Tensor } from './protocol/tensor';
import type { CheckedRequest, RequestSignature } from './protocol/validate';
import { noUrgency, type Urgency } from './protocol/urgency';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';
import type { RequestSpan } from './telemetry/tracing';
import type { Assignment } from './variants/assignment';

/** An answered request, with what telemetry tells of it. */
export interface Answer<Request extends CheckedRequest = CheckedRequest> {
  readonly request: Request;
  readonly response: InferResponse;
  readonly queueMicros: number;
  readonly computeMicros: number;
  /** Inferences that were made for it; 0 where it was computed for another request. */
  readonly batch: number;
  /** What the front end says of the answer beside it, as headers or metadata. */
  readonly headers: AnswerHeaders | undefined;
}

/** Names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** The version that is to answer, and why it is that one. */
export interface Target {
  readonly version: LoadedVersion;
  /** @default - the path names it, or it is the model's default */
  readonly assignment?: Assignment | undefined;
  /** Whether nothing else may answer in its place. @default false */
  readonly isExact?: boolean | undefined;
  /** @default - it is the version of the model that was asked */
  readonly standsIn?: StandsIn | undefined;
}

/** Why another model is to answer from the beginning. */
export interface StandsIn {
  /** The model that was asked. */
  readonly for: string;
  /** Why it does not answer itself; what the caller gets where the other cannot answer either. */
  readonly error: ServingError;
}

/** A checked request on its way to the engine. */
export interface Run extends Target {
  readonly request: CheckedRequest;
  readonly terms: CallTerms;
  /** Of the request, where it is traced. */
  readonly span: RequestSpan | undefined;
}

/** What a run, or a step in its place, gave. */
export interface StepResult extends RunResult {
  /** @default - none */
  readonly headers?: AnswerHeaders;
  /** Whether it was computed for another request. @default false */
  readonly isRepeated?: boolean;
  /** What answered in place of the version that was asked. @default - that version itself */
  readonly answeredBy?: LoadedVersion;
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

/** What stands around the engine. */
export interface PipelineSteps {
  /** The first is the outermost. */
  readonly steps: readonly RunStep[];
  /** Whether a step may answer for a version while the engine cannot: then its requests are read first. */
  readonly mayStandIn: (version: LoadedVersion) => boolean;
  /** What is to answer for a model that is not ready. @default - nothing */
  readonly standIn?: ((model: string, caller: Caller) => LoadedVersion | undefined) | undefined;
  /** Which version is to answer where none is named. @default - the model's default */
  readonly assign?:
    | ((
        model: string,
        ready: readonly LoadedVersion[],
        terms: CallTerms,
      ) => Assignment | undefined | Promise<Assignment | undefined>)
    | undefined;
}

const noSteps: PipelineSteps = { steps: [], mayStandIn: () => false };

/**
 * The way of every inference, whatever protocol it came over: read, the steps that guard or shorten
 * the way (cache, fallback), queue, run.
 */
export class InferencePipeline {
  private readonly through: (run: Run) => Promise<StepResult>;

  constructor(
    private readonly repository: ModelRepository,
    private readonly scheduler: Scheduler,
    private readonly steps: PipelineSteps = noSteps,
  ) {
    this.through = steps.steps.reduceRight<(run: Run) => Promise<StepResult>>(
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
   * The version that is to answer, chosen among variants where the model has some and none is named.
   *
   * @throws ServingError MODEL_UNKNOWN, VERSION_UNKNOWN or MODEL_NOT_READY.
   */
  choose(model: string, version: string | undefined, terms: CallTerms): Target | Promise<Target> {
    const isNamed = version !== undefined && version !== '';
    const { assign } = this.steps;
    if (isNamed || assign === undefined) return { version: this.find(model, version) };
    const assigned = assign(model, this.repository.readyVersions(model), terms);
    return assigned instanceof Promise
      ? assigned.then((assignment) => this.targetOf(model, assignment))
      : this.targetOf(model, assigned);
  }

  /**
   * The version that is to answer, or what stands in for a model that is not ready.
   *
   * @throws ServingError as `choose`
   */
  chooseOrStandIn(
    model: string,
    version: string | undefined,
    terms: CallTerms,
  ): Target | Promise<Target> {
    const other = (error: unknown): Target => this.standInFor(model, terms, error);
    try {
      const target = this.choose(model, version, terms);
      return target instanceof Promise ? target.catch(other) : target;
    } catch (error) {
      return other(error);
    }
  }

  /**
   * @param span - of the request. @default - it is not traced
   * @throws ServingError
   */
  run<Request extends CheckedRequest>(
    target: Target,
    read: RequestReader<Request>,
    terms: CallTerms,
    span?: RequestSpan,
  ): Promise<Answer<Request>> {
    const { standsIn } = target;
    if (standsIn === undefined) return this.answer(target, read, terms, span);
    // What is wrong with the request in the eyes of another model says nothing of it.
    return this.answer(target, read, terms, span).catch((error: unknown) => {
      throw error instanceof ServingError ? standsIn.error : error;
    });
  }

  private async answer<Request extends CheckedRequest>(
    { version, assignment, standsIn, isExact }: Target,
    read: RequestReader<Request>,
    terms: CallTerms,
    span?: RequestSpan,
  ): Promise<Answer<Request>> {
    // Held from here on, so that the version is still there once a large body is read.
    version.acquire();
    try {
      if (isExact === true || !this.steps.mayStandIn(version))
        this.scheduler.checkLoad(version.key, terms);
      const came = performance.now();
      const request = await read(version.signature);
      const urgent = withUrgency(terms, request.urgency ?? noUrgency, came);
      const run = { version, request, terms: urgent, assignment, standsIn, isExact, span };
      const result = await this.through(run);
      const by = result.answeredBy ?? version;
      return {
        request,
        response: { model: by.model, version: by.version, outputs: result.outputs },
        queueMicros: result.queueMicros,
        computeMicros: result.computeMicros,
        batch: result.isRepeated === true ? 0 : rowsOf(version, request),
        headers: result.headers,
      };
    } finally {
      version.release();
    }
  }

  /** @throws what was thrown, where nothing stands in. */
  private standInFor(model: string, { caller, priority }: CallTerms, error: unknown): Target {
    if (!(error instanceof ServingError) || error.code !== 'MODEL_NOT_READY') throw error;
    // What nobody waits for waits until the model is ready.
    const version = priority === 2 ? undefined : this.steps.standIn?.(model, caller);
    if (version === undefined) throw error;
    return { version, standsIn: { for: model, error } };
  }

  private targetOf(model: string, assignment: Assignment | undefined): Target {
    const version = assignment === undefined ? undefined : String(assignment.version);
    return { version: this.find(model, version), assignment };
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
    protocol: terms.protocol,
    left: terms.left,
    deadline: Math.min(deadline, terms.deadline ?? Infinity),
    priority: priority ?? terms.priority,
    header: (name) => terms.header(name),
  };
}

function rowsOf({ signature }: LoadedVersion, { inputs }: CheckedRequest): number {
  return signature.maxBatchSize > 0 ? (inputs[0]?.shape[0] ?? 1) : 1;
}
