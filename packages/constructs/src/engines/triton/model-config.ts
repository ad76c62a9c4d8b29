import type { BatchingPlan } from '@manara/planner';
import { gpuCount, type Gpus } from '../parts/gpus';
import type { ResolvedPipeline } from './resolve-pipeline';
import { mapEntries, type Message, textFormat, Word } from './text-format';
import type { ServedModel } from './triton-models';
import { dataType, tensorMessage, type TritonTensor } from './triton-tensor';

/** How many copies of a model there are, on what, and how its requests are put together. */
export interface ModelPlan {
  readonly model: ServedModel;
  readonly batching: BatchingPlan;
  readonly instances: number;
  /** Threads that one run uses on a CPU. */
  readonly intraOpThreads: number;
  readonly gpus: Gpus | undefined;
  /** Longest that a request may wait: what comes later is no use to its caller. */
  readonly objectiveMillis: number;
}

/**
 * A model's `config.pbtxt`.
 * Source: triton-inference-server/common, protobuf/model_config.proto; read 2026-11.
 */
export function modelConfig(plan: ModelPlan): string {
  const { model, batching } = plan;
  const { signature, options, versions } = model;
  return textFormat({
    name: model.name,
    backend: 'onnxruntime',
    default_model_filename: 'model.onnx',
    max_batch_size: signature.batches ? batching.maxBatchSize : 0,
    input: signature.inputs.map(tensorMessage),
    output: signature.outputs.map(tensorMessage),
    version_policy: { specific: { versions: versions.map(({ number }) => number) } },
    instance_group: [instanceGroup(plan)],
    dynamic_batching: signature.batches ? dynamicBatching(plan) : undefined,
    optimization: options.tensorRt?.message(signature, {
      most: batching.maxBatchSize,
      usual: batching.preferredBatchSizes[0] ?? batching.maxBatchSize,
    }),
    // A run of the bundled server has as many threads; more would fight over the same cores.
    parameters:
      plan.gpus === undefined
        ? mapEntries({ intra_op_thread_count: { string_value: String(plan.intraOpThreads) } })
        : undefined,
    model_warmup: options.warmUp === false ? undefined : warmUps(plan),
    response_cache: options.responseCache === true ? { enable: true } : undefined,
  });
}

/** A pipeline's `config.pbtxt`. */
export function pipelineConfig(
  { pipeline, batches, inputs, outputs }: ResolvedPipeline,
  maxBatchSizes: readonly number[],
): string {
  return textFormat({
    name: pipeline.name,
    platform: 'ensemble',
    max_batch_size: batches ? Math.min(...maxBatchSizes) : 0,
    input: inputs.map(tensorMessage),
    output: outputs.map(tensorMessage),
    ensemble_scheduling: {
      step: pipeline.steps.map((step) => ({
        model_name: step.model,
        // Minus one is Triton's word for the highest.
        model_version: step.version ?? -1,
        input_map: mapEntries(step.inputs),
        output_map: mapEntries(step.outputs),
      })),
    },
  });
}

function instanceGroup({ model, instances, gpus }: ModelPlan): Message {
  if (gpus === undefined) return { count: instances, kind: new Word('KIND_CPU') };
  const all = Array.from({ length: gpuCount(gpus) }, (_, i) => i);
  return { count: instances, kind: new Word('KIND_GPU'), gpus: model.options.onGpus ?? all };
}

function dynamicBatching({ batching, objectiveMillis }: ModelPlan): Message {
  const { preferredBatchSizes, maxQueueDelayMicros } = batching;
  return {
    preferred_batch_size: preferredBatchSizes.length === 0 ? undefined : preferredBatchSizes,
    max_queue_delay_microseconds: maxQueueDelayMicros === 0 ? undefined : maxQueueDelayMicros,
    default_queue_policy: {
      timeout_action: new Word('REJECT'),
      default_timeout_microseconds: Math.ceil(objectiveMillis * 1000),
      allow_timeout_override: true,
    },
  };
}

/** Engines and arenas grow at the first run of a size; the smallest and the largest are those that matter. */
function warmUps({ model, batching }: ModelPlan): readonly Message[] {
  const { signature } = model;
  if (!signature.batches) return [warmUp('one', undefined, signature.inputs)];
  const largest = batching.maxBatchSize;
  return [
    warmUp('one row', 1, signature.inputs),
    ...(largest === 1 ? [] : [warmUp(`${largest} rows`, largest, signature.inputs)]),
  ];
}

function warmUp(name: string, rows: number | undefined, inputs: readonly TritonTensor[]): Message {
  return {
    name,
    batch_size: rows,
    inputs: mapEntries(
      Object.fromEntries(
        inputs.map((tensor) => [
          tensor.name,
          {
            data_type: dataType(tensor.datatype),
            dims: tensor.dims.map((dim) => Math.max(1, dim)),
            zero_data: true,
          },
        ]),
      ),
    ),
  };
}
