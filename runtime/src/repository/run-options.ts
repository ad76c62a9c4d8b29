import { zeros } from '../engine/made-up';
import type { Probed } from '../engine/probe';
import type { AdmitOptions } from '../engine/scheduler';
import type { Batching } from '../engine/version-queue';
import { defaultModelConfig, type ModelConfig } from './model-config';

/** Rows that a batch may have where nobody says how many: more makes a row hardly cheaper on a CPU. */
const greatestBatch = 128;

/** How a version is run: as its configuration says, and for the rest as the probe found it. */
export function runOptions(config: ModelConfig, { signature, traits }: Probed): AdmitOptions {
  const batching = batchingOf(config, traits.keepsRowsApart);
  // What was measured is a row: where rows do not count, only a model that has one is known.
  const sized = batching !== undefined || signature.inputs.every(({ shape }) => shape[0] !== -1);
  const quick = sized && traits.quickRows > 0 && config.instances === undefined;
  return {
    instances: config.instances,
    batching,
    inlineRows: quick ? traits.quickRows : undefined,
    warmUp: {
      inputs: (rows) => zeros(signature.inputs, rows),
      outputs: signature.outputs.map(({ name }) => name),
    },
  };
}

/**
 * Requests share runs where the model was seen to keep rows apart. A `config.pbtxt` without
 * `max_batch_size` says that it does not batch, as with Triton; one with it is believed unless the
 * model was seen to mix rows.
 */
function batchingOf(
  config: ModelConfig,
  keepsRowsApart: boolean | undefined,
): Batching | undefined {
  if (config === defaultModelConfig) {
    return keepsRowsApart === true ? { maxRows: greatestBatch } : undefined;
  }
  if (config.maxBatchSize === 0 || keepsRowsApart === false) return undefined;
  return { maxRows: config.maxBatchSize, delayMillis: config.batchDelayMillis };
}
