import { isDeepStrictEqual } from 'node:util';
import type { Tensor } from '../protocol/tensor';
import { madeUp, zeros } from './made-up';
import { InferenceSession } from './onnxruntime';
import {
  fromOrt,
  optimizedOptions,
  sessionOptions,
  type SessionSignature,
  signatureOf,
  toOrt,
} from './ort-types';

/** What a session says of itself, and answers to made-up values. */
interface Behaviour {
  readonly signature: SessionSignature;
  /** `undefined` for values that it does not run on. */
  readonly answers: readonly (readonly Tensor[] | undefined)[];
}

/**
 * Has the engine optimize a model and write the graph that this gives, in ONNX's format. It is compared
 * with the model: of some models the engine writes graphs with more inputs (1.30.0, seen 2026-11).
 *
 * @throws Error where the engine refuses to write it, or where the graph is not the model's equal.
 */
export async function writeOptimizedGraph(file: string, graph: string): Promise<void> {
  const before = await behaviourOf(file, { ...sessionOptions(1), optimizedModelFilePath: graph });
  const after = await behaviourOf(graph, optimizedOptions(1));
  if (isDeepStrictEqual(before, after)) return;
  throw new Error(
    'the optimized graph that the engine wrote takes, gives or answers something else than the model',
  );
}

/** One session at a time, so that a large model is not held twice. */
async function behaviourOf(
  path: string,
  options: InferenceSession.SessionOptions,
): Promise<Behaviour> {
  const session = await InferenceSession.create(path, options);
  try {
    const signature = signatureOf(session);
    const run = async (inputs: readonly Tensor[]): Promise<readonly Tensor[]> => {
      const results = await session.run(toOrt(inputs));
      return signature.outputs.map(({ name }) => fromOrt(name, results[name]));
    };
    const answers: Behaviour['answers'][number][] = [];
    const { inputs } = signature;
    for (const values of [zeros(inputs, 1), madeUp(inputs, 2, 1, 1), madeUp(inputs, 2, 1, 9)]) {
      answers.push(await run(values).catch(() => undefined));
    }
    return { signature, answers };
  } finally {
    await session.release();
  }
}
