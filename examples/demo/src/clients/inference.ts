/** An FP32 tensor, row-major. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One question to an endpoint: one FP32 input, one FP32 output. */
export interface Question {
  readonly model: string;
  readonly version: number;
  readonly inputName: string;
  readonly input: FloatTensor;
  readonly outputName: string;
}

/** A way to ask. */
export interface InferenceClient {
  /** As the demo's table names it. */
  readonly protocol: string;
  /** @throws Error with the server's own words where it refuses */
  ask(question: Question): Promise<FloatTensor>;
}

/** The values of a little-endian FP32 tensor; a copy, because bytes off the wire are not aligned. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  if (bytes.byteLength % 4 !== 0) {
    throw new Error(`expected whole FP32 values, received ${bytes.byteLength} bytes`);
  }
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
