/** One model of a pipeline. */
export interface TritonStep {
  /** A model of the same pods. */
  readonly model: string;
  /**
   * Version of the model.
   * @default - the highest
   */
  readonly version?: number;
  /** The pipeline's tensor for each of the model's inputs, by the input's name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The pipeline's tensor for each of the model's outputs that is used, by the output's name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Models that answer as one: Triton calls it an ensemble. */
export interface TritonPipeline {
  /** Its name in the protocol's paths. */
  readonly name: string;
  /** Tensors that callers give. */
  readonly inputs: readonly string[];
  /** In any order: a step runs when its tensors are there. */
  readonly steps: readonly TritonStep[];
  /** Tensors that callers get. */
  readonly outputs: readonly string[];
}
