import { errors, ServingError } from './errors';
import type { RunResult, Scheduler } from './engine/scheduler';
import type { InferResponse } from './protocol/tensor';
import type { CheckedRequest, RequestSignature } from './protocol/validate';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';

/** An answered request, with what telemetry tells of it. */
export interface Answer<Request extends CheckedRequest = CheckedRequest> {
  readonly request: Request;
  readonly response: InferResponse;
  readonly queueMicros: number;
  readonly computeMicros: number;
  readonly batch: number;
}

/**
 * Reads a request against what the version takes and gives.
 *
 * @throws ServingError
 */
export type RequestReader<Request extends CheckedRequest> = (
  signature: RequestSignature,
) => Request | Promise<Request>;

/**
 * The way of every inference, whatever protocol it came over: read, queue, run.
 * What guards or shortens that way (access, limits, cache, fallback) goes in here.
 */
export class InferencePipeline {
  constructor(
    private readonly repository: ModelRepository,
    private readonly scheduler: Scheduler,
  ) {}

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
   * @param callerLeft - aborted once nobody waits for the answer: what is not run yet is not run.
   * @throws ServingError
   */
  async run<Request extends CheckedRequest>(
    version: LoadedVersion,
    read: RequestReader<Request>,
    callerLeft: AbortSignal,
  ): Promise<Answer<Request>> {
    // Held from here on, so that the version is still there once a large body is read.
    version.acquire();
    try {
      const request = await read(version.signature);
      const result = await this.execute(version, request, callerLeft);
      return {
        request,
        response: { model: version.model, version: version.version, outputs: result.outputs },
        queueMicros: result.queueMicros,
        computeMicros: result.computeMicros,
        batch: version.signature.maxBatchSize > 0 ? (request.inputs[0]?.shape[0] ?? 1) : 1,
      };
    } finally {
      version.release();
    }
  }

  private async execute(
    version: LoadedVersion,
    { inputs, outputs }: CheckedRequest,
    callerLeft: AbortSignal,
  ): Promise<RunResult> {
    try {
      return await this.scheduler.run(version.key, inputs, outputs, callerLeft);
    } catch (error) {
      if (error instanceof ServingError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw errors.engineFailed(version.model, version.version, detail);
    }
  }
}
