import type { Size } from 'cdk8s';
import { ConstructError } from '../../construct-error';
import { size } from '../../props/kinds';
import { type ColdStartProps, coldStartKind, validateColdStart } from '../../scaling/cold-start';
import { imageGrammar } from '../../image-name';
import { hasLate } from '../../late/late';
import { anyNumber, checkProps, optional, text } from '../../props/props';

export interface OnnxEngineOptions {
  /**
   * Digest of the server's image, `sha256:…`, in the site's registry. May be late.
   * @default - the tag of this package's version
   */
  readonly imageDigest?: string;
  /**
   * Measured time of one inference on one thread, in microseconds: `50` for small tabular models. On
   * a running server it is the growth of `nv_inference_compute_infer_duration_us` over that of
   * `nv_inference_exec_count`, with `intraOpThreads` 1. Where versions differ, the slowest's.
   * @default - estimated from the size of the largest version
   */
  readonly serviceTimeMicros?: number;
  /**
   * Largest request body, compressed and not; a larger one is answered with 413.
   * @default - computed from the versions' signatures: what 256 rows take as JSON, less where that
   * would need more than half a gibibyte of memory; 1 MiB where no signature is known
   */
  readonly maxRequestSize?: Size;
  /**
   * Measured memory that a request of `maxRequestSize` takes besides the idle server. The memory
   * limit holds one for each worker and one more.
   * @default - estimated from the signatures, for the costliest body of that size; too little for
   * models that compute far more than they take, as attention over long sequences does
   */
  readonly requestMemory?: Size;
  /**
   * Measured parts of a cold start. `manara profile` measures `load`, as `coldStartSeconds`, with one model.
   * @default - nodes have room; the rest is estimated from the sizes of image and weights
   */
  readonly coldStart?: ColdStartProps;
}

/** @throws ConstructError MANARA_ENGINE for an option that is malformed or out of range, MANARA_PROP for another kind */
export function validateOptions(
  options: OnnxEngineOptions,
  at: 'ServingEngine.onnx' | 'ServingEngine.kserve' = 'ServingEngine.onnx',
): void {
  const refuse = (message: string): never => {
    throw new ConstructError('MANARA_ENGINE', at, message);
  };
  checkProps(at, options, {
    imageDigest: optional(text),
    serviceTimeMicros: optional(anyNumber),
    maxRequestSize: optional(size),
    requestMemory: optional(size),
    coldStart: optional(coldStartKind),
  });
  const { imageDigest, serviceTimeMicros, maxRequestSize, requestMemory, coldStart } = options;
  if (coldStart !== undefined) validateColdStart(at, coldStart);
  if (
    imageDigest !== undefined &&
    !hasLate(imageDigest) &&
    !imageGrammar.digest.test(imageDigest)
  ) {
    refuse(
      `imageDigest: expected sha256: and 64 lower-case hexadecimal digits; received "${imageDigest}"`,
    );
  }
  if (
    serviceTimeMicros !== undefined &&
    !(Number.isFinite(serviceTimeMicros) && serviceTimeMicros > 0)
  ) {
    refuse(
      `serviceTimeMicros: expected microseconds above 0, such as 50; received ${serviceTimeMicros}`,
    );
  }
  if (requestMemory === undefined) return;
  const memory = requestMemory.toKibibytes();
  if (maxRequestSize === undefined) {
    refuse(
      `requestMemory: expected maxRequestSize beside it, the size of the request that took ${memory} KiB; received none`,
    );
  } else if (memory < maxRequestSize.toKibibytes()) {
    refuse(
      `requestMemory: expected at least maxRequestSize, ${maxRequestSize.toKibibytes()} KiB; received ${memory} KiB`,
    );
  }
}
