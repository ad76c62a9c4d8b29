import { InferenceSession, Tensor } from 'onnxruntime-node';

/** One thread and no warnings, so that tests neither fight for cores nor fill the report. */
export function openSession(file: string): Promise<InferenceSession> {
  return InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
}

/** Name, type and shape of a tensor as a model declares it; a varying dimension by its name. */
export function declared(
  metadata: readonly InferenceSession.ValueMetadata[],
): (readonly [string, string, readonly (string | number)[]])[] {
  return metadata.map((tensor) => {
    if (!tensor.isTensor) throw new Error(`${tensor.name} is not a tensor`);
    return [tensor.name, tensor.type, tensor.shape] as const;
  });
}

export function float32(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor('float32', data, shape);
}

/** Values of an FP32 output. */
export function floats(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new Error(`expected FP32, not ${tensor.type}`);
  return tensor.data;
}
