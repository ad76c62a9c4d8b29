import { errors, ServingError } from './errors';
import type { RunResult, Scheduler } from './engine/scheduler';
import type { InferRequest, InferResponse, Tensor } from './protocol/tensor';
import { chooseOutputs, readInputs } from './protocol/validate';
import type { LoadedVersion } from './repository/loaded-version';
import type { ModelRepository } from './repository/repository';

/** An answered request, with what telemetry tells of it. */
export interface Answer {
  readonly response: InferResponse;
  readonly queueMicros: number;
  readonly computeMicros: number;
  readonly batch: number;
}

/**
 * The way of every inference, whatever protocol it came over: validate, queue, run.
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
   * @throws ServingError MODEL_UNKNOWN, VERSION_UNKNOWN or MODEL_NOT_READY.
   */
  find({ model, version }: InferRequest): LoadedVersion {
    return this.repository.find(model, version);
  }

  /** @throws ServingError */
  async run(version: LoadedVersion, request: InferRequest): Promise<Answer> {
    version.acquire();
    try {
      const inputs = readInputs(version.signature, request.inputs);
      const outputs = chooseOutputs(version.signature, request.outputs);
      const result = await this.execute(version, inputs, outputs);
      return {
        response: { model: version.model, version: version.version, outputs: result.outputs },
        queueMicros: result.queueMicros,
        computeMicros: result.computeMicros,
        batch: version.signature.maxBatchSize > 0 ? (inputs[0]?.shape[0] ?? 1) : 1,
      };
    } finally {
      version.release();
    }
  }

  private async execute(
    version: LoadedVersion,
    inputs: readonly Tensor[],
    outputs: readonly string[],
  ): Promise<RunResult> {
    try {
      return await this.scheduler.run(version.key, inputs, outputs);
    } catch (error) {
      if (error instanceof ServingError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw errors.engineFailed(version.model, detail);
    }
  }
}
