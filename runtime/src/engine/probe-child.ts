import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { allocate } from '../protocol/datatypes';
import { elementCount } from '../protocol/tensor';
import { keepHalvesAsBits } from './half-storage';
import { ortType, sessionOptions, signatureOf } from './ort-types';
import type { ProbeReport, ProbeTask } from './probe';

/** Runs in a process of its own: whatever the file does to native code, it does it here first. */
keepHalvesAsBits();
process.once('message', (task: ProbeTask) => {
  probe(task).then(report, (thrown: unknown) => {
    report({ ok: false, error: thrown instanceof Error ? thrown.message : String(thrown) });
  });
});

async function probe({ file }: ProbeTask): Promise<ProbeReport> {
  const session = await InferenceSession.create(file, sessionOptions(1));
  const signature = signatureOf(session);
  const feeds: Record<string, OrtTensor> = {};
  for (const { name, datatype, shape } of signature.inputs) {
    const dims = shape.map((size) => (size === -1 ? 1 : size));
    const data = allocate(datatype, elementCount(dims) ?? 0);
    feeds[name] = new OrtTensor(ortType[datatype], data, dims);
  }
  // Zeros of size one are not a meaningful input for every model: an ordinary error is no verdict.
  await session.run(feeds).catch(() => undefined);
  return { ok: true, signature };
}

function report(verdict: ProbeReport): void {
  process.send?.(verdict);
}
