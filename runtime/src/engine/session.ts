import './telemetry-off';
import { binding, initOrt } from 'onnxruntime-node/dist/binding';
import type { Tensor } from '../protocol/tensor';
import { fromOrt, sessionOptions, toOrt } from './ort-types';

/**
 * One model in the engine, run synchronously.
 *
 * onnxruntime's own wrapper puts each run behind a `setImmediate` and two promises, which costs a small
 * model as much as its run; below it is the same native object. The package is pinned to the version
 * whose native object this is, and the tests run it.
 */
export class EngineSession {
  private readonly native: InstanceType<typeof binding.InferenceSession>;

  /**
   * Blocks its thread until the model is loaded.
   *
   * @throws Error with the engine's words.
   */
  constructor(file: string, intraOpThreads: number) {
    initOrt();
    this.native = new binding.InferenceSession();
    this.native.loadModel(file, sessionOptions(intraOpThreads));
  }

  /**
   * Blocks its thread until the run is done.
   *
   * @param wanted - names of the outputs to compute.
   * @throws Error with the engine's words.
   */
  run(inputs: readonly Tensor[], wanted: readonly string[]): readonly Tensor[] {
    const fetches: Record<string, null> = {};
    for (const name of wanted) fetches[name] = null;
    const results = this.native.run(toOrt(inputs), fetches, {});
    return wanted.map((name) => fromOrt(name, results[name]));
  }

  release(): void {
    this.native.dispose();
  }
}
