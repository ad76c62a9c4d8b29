import './telemetry-off';
import { binding, initOrt } from 'onnxruntime-node/dist/binding';
import type { Tensor } from '../protocol/tensor';
import { fromOrt, optimizedOptions, sessionOptions, toOrt } from './ort-types';

type NativeSession = InstanceType<typeof binding.InferenceSession>;

/** What a session is made of. */
export interface ModelSource {
  readonly file: string;
  /** The file's graph as the engine optimized it before. @default - it is optimized at load */
  readonly graph?: string | undefined;
}

/**
 * One model in the engine, run synchronously.
 *
 * onnxruntime's own wrapper puts each run behind a `setImmediate` and two promises, which costs a small
 * model as much as its run; below it is the same native object. The package is pinned to the version
 * whose native object this is, and the tests run it.
 */
export class EngineSession {
  private readonly native: NativeSession;

  /**
   * Blocks its thread until the model is loaded.
   *
   * @throws Error with the engine's words.
   */
  constructor(source: ModelSource, intraOpThreads: number) {
    initOrt();
    this.native = open(source, intraOpThreads);
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

function open({ file, graph }: ModelSource, intraOpThreads: number): NativeSession {
  if (graph !== undefined) {
    try {
      const native = new binding.InferenceSession();
      native.loadModel(graph, optimizedOptions(intraOpThreads));
      return native;
    } catch {
      // Removed since it was found, to make room for another: the file itself is as good.
    }
  }
  const native = new binding.InferenceSession();
  native.loadModel(file, sessionOptions(intraOpThreads));
  return native;
}
