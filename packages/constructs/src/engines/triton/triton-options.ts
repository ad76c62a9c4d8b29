import type { Place } from '@manara/residency';
import type { Size } from 'cdk8s';
import type { ImageName } from '../../image-name';
import type { ModelVersion } from '../../model-version';
import type { ColdStartProps } from '../../scaling/cold-start';
import type { Gpus } from '../parts/gpus';
import type { TensorRt } from './tensor-rt';
import type { TritonPipeline } from './triton-pipeline';

/** How Triton runs a model. */
export interface TritonModelOptions {
  /**
   * Measured time of a run of one row on the device, in microseconds; where versions differ, the slowest's.
   * On a CPU of one row on one thread.
   * @default - on a CPU estimated from the size of the largest version; on GPUs it must be given
   */
  readonly serviceTimeMicros?: number;
  /**
   * Measured time of a run of more rows, on the same device: what shows whether waiting for others pays.
   * @default - none: each row costs as much as the first, and nobody waits
   */
  readonly largerBatch?: { readonly rows: number; readonly micros: number };
  /**
   * Most rows of a run, and so of a request. 0: the first dimension is no batch.
   * @default - the largest power of two, up to 256, whose run takes at most half of the objective
   */
  readonly maxBatchSize?: number;
  /**
   * Copies of the model on each GPU, or on the CPU.
   * @default - 1 on a GPU; on a CPU the inference threads that the objective takes
   */
  readonly instances?: number;
  /**
   * The pod's GPUs that hold the model, by their index.
   * @default - all
   */
  readonly onGpus?: readonly number[];
  /**
   * TensorRT, and the precision.
   * @default - none: ONNX Runtime's CUDA provider, as the model is
   */
  readonly tensorRt?: TensorRt;
  /**
   * Whether each copy runs zeros before it is ready: one row, and as many as a run has at most.
   * @default true
   */
  readonly warmUp?: boolean;
  /**
   * Whether answers are kept and given again, by the tensors of the request.
   * @default false
   */
  readonly responseCache?: boolean;
}

/** A model that is served beside the endpoint's, in the same pods. */
export interface TritonModel<P extends Place> extends TritonModelOptions {
  /** Its name in the protocol's paths. */
  readonly name: string;
  readonly versions: readonly [ModelVersion<P>, ...ModelVersion<P>[]];
  /**
   * Requests a second at the busiest time.
   * @default - the endpoint's
   */
  readonly peakRequestsPerSecond?: number;
}

export interface TritonEngineOptions<P extends Place> extends TritonModelOptions {
  /**
   * The server's image in the site's registry.
   * @default - `tritonserver:26.07-py3`
   */
  readonly image?: ImageName;
  /**
   * Digest of the image of the bundled server, `sha256:…`, which brings the weights. May be late.
   * @default - the tag of this package's version
   */
  readonly fetchImageDigest?: string;
  /**
   * Measured parts of a cold start.
   * @default - nodes have room; the rest is estimated: the image is large, and TensorRT times kernels
   */
  readonly coldStart?: ColdStartProps;
  /**
   * GPUs of each pod.
   * @default - none: models run on the CPU
   */
  readonly gpus?: Gpus;
  /**
   * Memory of the container.
   * @default - estimated from the weights and the largest request
   */
  readonly memory?: Size;
  /**
   * Largest request body.
   * @default - as of the bundled server: what 256 rows take as JSON
   */
  readonly maxRequestSize?: Size;
  /**
   * Memory for answers of the models with `responseCache`.
   * @default - 64 MiB where there are any
   */
  readonly cacheSize?: Size;
  /**
   * Further models in the same pods, which share its GPUs.
   * @default - none
   */
  readonly models?: readonly TritonModel<P>[];
  /**
   * Names under which several of its models answer as one.
   * @default - none
   */
  readonly pipelines?: readonly TritonPipeline[];
}
