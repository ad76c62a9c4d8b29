import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { allocate } from '../protocol/datatypes';
import { elementCount } from '../protocol/tensor';
import { refuseExternalData } from './external-data';
import { keepHalvesAsBits } from './half-storage';
import { InferenceSession, OrtTensor } from './onnxruntime';
import { ortType, sessionOptions, type SessionSignature, signatureOf } from './ort-types';
import type { ProbeReport } from './probe';
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

async function probe(file: string): Promise<void> {
  refuseExternalData(file);
  const session = await InferenceSession.create(file, sessionOptions(1));
  const signature = signatureOf(session);
  const run = async (fillOf: (input: number) => number | bigint | undefined): Promise<void> => {
    // Such values of size one are not a meaningful input for every model: an ordinary error is no
    // verdict.
    await session.run(feeds(signature, fillOf)).catch(() => undefined);
  };
  await run(() => undefined);
  await report({ stage: 'runs', signature });
  for (const fill of trappingFills(signature.inputs)) await run((input) => fill[input]);
  await report({ stage: 'done' });
}

function feeds(
  { inputs }: SessionSignature,
  fillOf: (input: number) => number | bigint | undefined,
): Record<string, OrtTensor> {
  const tensors: Record<string, OrtTensor> = {};
  for (const [i, { name, datatype, shape }] of inputs.entries()) {
    const dims = shape.map((size) => (size === -1 ? 1 : size));
    const data = allocate(datatype, elementCount(dims) ?? 0);
    const value = fillOf(i);
    if (data instanceof Int32Array && typeof value === 'number') data.fill(value);
    if (data instanceof BigInt64Array && typeof value === 'bigint') data.fill(value);
    tensors[name] = new OrtTensor(ortType[datatype], data, dims);
  }
  return tensors;
}

probe(workerData as string).catch((thrown: unknown) => {
  void report({
    stage: 'refused',
    error: thrown instanceof Error ? thrown.message : String(thrown),
  });
});
