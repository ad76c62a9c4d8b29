import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { Tensor } from '../protocol/tensor';
import { keepHalvesAsBits } from './half-storage';
import { zeros } from './made-up';
import { readModelFile } from './model-file';
import { InferenceSession } from './onnxruntime';
import { writeOptimizedGraph } from './optimized-graph';
import { fromOrt, optimizedOptions, sessionOptions, signatureOf, toOrt } from './ort-types';
import type { ProbeReport, ProbeTask } from './probe';
import { findTraits } from './traits';
import { trappingFills } from './trapping-fills';

/** Loads one model file and runs it on zeros, then on the integers that processors trap on. */
if (parentPort === null) throw new Error('probe-thread runs as a worker thread only');
keepHalvesAsBits();
const port = parentPort;

/** Resolves once the report has left the process. */
async function report(message: ProbeReport): Promise<void> {
  const sent = once(port, 'message');
  port.postMessage(message);
  await sent;
}

async function probe({ file, graph }: ProbeTask): Promise<void> {
  // Of the file, as the engine's own operators in a graph are known to nobody.
  const facts = readModelFile(file);
  if (graph?.isNew === true) await writeOptimizedGraph(file, graph.path);
  const session = await (graph === undefined
    ? InferenceSession.create(file, sessionOptions(1))
    : InferenceSession.create(graph.path, optimizedOptions(1)));
  const signature = signatureOf(session);
  const run = async (inputs: readonly Tensor[]): Promise<readonly Tensor[]> => {
    const results = await session.run(toOrt(inputs));
    return signature.outputs.map(({ name }) => fromOrt(name, results[name]));
  };
  // Zeros of size one are not a meaningful input for every model: an ordinary error is no verdict.
  await run(zeros(signature.inputs, 1)).catch(() => undefined);
  await report({ stage: 'runs', signature });
  for (const fill of trappingFills(signature.inputs)) {
    const inputs = zeros(signature.inputs, 1);
    for (const [i, { data }] of inputs.entries()) {
      const value = fill[i];
      if (data instanceof Int32Array && typeof value === 'number') data.fill(value);
      if (data instanceof BigInt64Array && typeof value === 'bigint') data.fill(value);
    }
    await run(inputs).catch(() => undefined);
  }
  await report({ stage: 'done', traits: await findTraits(signature, facts, run) });
}

probe(workerData as ProbeTask).catch((thrown: unknown) => {
  void report({
    stage: 'refused',
    error: thrown instanceof Error ? thrown.message : String(thrown),
  });
});
