import type { Tensor } from '../protocol/tensor';
import type { InferenceWorker } from './inference-worker';
import type { VersionQueue } from './version-queue';

/** What a version is run on before it answers. */
export interface WarmUp {
  /** Inputs of so many rows. */
  readonly inputs: (rows: number) => readonly Tensor[];
  /** Names of the outputs to compute. */
  readonly outputs: readonly string[];
}

/** Milliseconds that the sizes of a version are tried for; one run is always made. */
const budgetMillis = 1500;

/** A greater batch whose rows cost this much more than the best so far ends the trying. */
const worse = 1.15;

/**
 * Runs a version in each thread that holds it, so that no caller pays for what the engine does once,
 * and learns from the first of them what a batch costs.
 */
export async function warmUp(
  workers: readonly InferenceWorker[],
  queue: VersionQueue,
  { inputs, outputs }: WarmUp,
): Promise<void> {
  const { key } = queue;
  const [first, ...others] = workers;
  if (first === undefined) return;
  const cost = queue.costOf(inputs(1));
  const end = performance.now() + budgetMillis;
  let best = Infinity;
  for (let rows = 1; rows <= cost.maxRows; rows *= 2) {
    const millis = await timed(first, key, inputs(rows), outputs);
    // Zeros are no input that every model runs on: then the first requests find out.
    if (millis === undefined) return;
    cost.learn(rows, millis);
    const perRow = millis / rows;
    if (perRow > best * worse || millis > cost.maxMillis || performance.now() > end) break;
    best = Math.min(best, perRow);
  }
  for (const worker of others) await timed(worker, key, inputs(cost.cap()), outputs);
}

/** Milliseconds of the second of two runs, as the first allocates; `undefined` where it fails. */
async function timed(
  worker: InferenceWorker,
  key: string,
  inputs: readonly Tensor[],
  outputs: readonly string[],
): Promise<number | undefined> {
  let millis: number | undefined;
  for (let run = 0; run < 2; run++) {
    if (worker.lost) return undefined;
    const batch = { parts: [structuredClone(inputs)], rows: [inputs[0]?.shape[0] ?? 1], outputs };
    const result = await worker.runWhenFree(key, batch).catch(() => undefined);
    if (result?.outcome.kind !== 'together') return undefined;
    millis = result.computeMicros / 1000;
  }
  return millis;
}
