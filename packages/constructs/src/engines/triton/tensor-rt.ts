import type { Size } from 'cdk8s';
import { ConstructError } from '../../construct-error';
import { size } from '../../props/kinds';
import { checkProps, optional } from '../../props/props';
import { mapEntries, type Message } from './text-format';
import type { TritonSignature } from './triton-tensor';

/** What TensorRT may use while it builds and runs an engine. */
export interface TensorRtOptions {
  /**
   * Most memory of the GPU that a run may use besides the weights.
   * @default - 1 GiB, the backend's own
   */
  readonly workspace?: Size;
}

/** Where engines are kept that a container has built; a new pod builds its own, for the GPU that it has. */
export const engineFolder = '/var/cache/tensorrt';

/**
 * TensorRT in the ONNX Runtime backend, in a precision. What it cannot run, CUDA does.
 * Source: triton-inference-server/onnxruntime_backend, README.md; read 2026-11.
 */
export class TensorRt {
  /** As the model has it. */
  static fp32(options: TensorRtOptions = {}): TensorRt {
    return new TensorRt('FP32', options);
  }

  /** Half precision wherever it is faster. */
  static fp16(options: TensorRtOptions = {}): TensorRt {
    return new TensorRt('FP16', options);
  }

  /** Eight bits, for a model that has been quantized: with `QuantizeLinear` nodes that say how. */
  static int8(options: TensorRtOptions = {}): TensorRt {
    return new TensorRt('INT8', options);
  }

  private constructor(
    readonly precision: 'FP32' | 'FP16' | 'INT8',
    private readonly options: TensorRtOptions,
  ) {
    checkProps('TensorRt', options, { workspace: optional(size) });
    const bytes = (options.workspace?.toKibibytes() ?? 1) * 1024;
    if (Number.isSafeInteger(bytes) && bytes > 0) return;
    throw new ConstructError(
      'MANARA_ENGINE',
      'TensorRt',
      `workspace: expected whole bytes above 0; received ${bytes}`,
    );
  }

  /** The model's `optimization`. */
  message(
    signature: TritonSignature,
    rows: { readonly most: number; readonly usual: number },
  ): Message {
    const { workspace } = this.options;
    const parameters = {
      precision_mode: this.precision,
      ...(workspace === undefined
        ? {}
        : { max_workspace_size_bytes: String(workspace.toKibibytes() * 1024) }),
      trt_engine_cache_enable: '1',
      trt_engine_cache_path: engineFolder,
      ...profile(signature, rows),
    };
    return {
      execution_accelerators: {
        gpu_execution_accelerator: [{ name: 'tensorrt', parameters: mapEntries(parameters) }],
      },
    };
  }
}

/**
 * One engine for all sizes of a batch; without it TensorRT builds another at each new size, while callers
 * wait. Where more than the batch varies, only the model's author knows how far.
 */
function profile(
  { batches, inputs }: TritonSignature,
  { most, usual }: { readonly most: number; readonly usual: number },
): Readonly<Record<string, string>> {
  const isKnown = inputs.every(({ name, dims }) => !/[:,]/.test(name) && !dims.includes(-1));
  if (!batches || !isKnown) return {};
  const shapes = (rows: number): string =>
    inputs
      .map(({ name, dims, isScalar }) => `${name}:${[rows, ...(isScalar ? [] : dims)].join('x')}`)
      .join(',');
  return {
    trt_profile_min_shapes: shapes(1),
    trt_profile_opt_shapes: shapes(usual),
    trt_profile_max_shapes: shapes(most),
  };
}
