/**
 * The native object below onnxruntime-node's own wrapper, as far as it is used here. Its package
 * publishes no types for it. Source: onnxruntime-node 1.30.0, dist/binding.js; read 2026-11.
 */
declare module 'onnxruntime-node/dist/binding' {
  import type { InferenceSession, Tensor } from 'onnxruntime-node';

  export type NativeTensors = Readonly<Record<string, unknown>>;

  export const binding: {
    readonly InferenceSession: new () => {
      loadModel(file: string, options: InferenceSession.SessionOptions): void;
      run(
        feeds: Readonly<Record<string, Tensor>>,
        fetches: Readonly<Record<string, Tensor | null>>,
        options: InferenceSession.RunOptions,
      ): NativeTensors;
      /** @returns the file that the profiler wrote. */
      endProfiling(): string;
      dispose(): void;
    };
  };

  /** Makes the engine's environment, once in each thread. */
  export function initOrt(): void;
}
