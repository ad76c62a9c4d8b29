import type { CostModel } from './cost-model';
import type { PendingRun } from './pending-run';
import { splitRows } from './rows';
import type { Batch, BatchResult, Outcome } from './run-batch';
import type { EngineVersion } from './version';

/** So many batches that fail together and not apart, and the version runs requests alone. */
const mixedRowsLimit = 3;

interface Run {
  readonly result: BatchResult;
  readonly cost: CostModel;
  /** When it began, as `performance.now()` gives it. */
  readonly begun: number;
  /** Whether it was on the I/O thread. */
  readonly inline: boolean;
}

/** Tells each request of a batch what became of it, and the version what the run cost. */
export function finish(
  version: EngineVersion,
  jobs: readonly PendingRun[],
  batch: Batch,
  { result, cost, begun, inline }: Run,
): void {
  const { outcome, computeMicros } = result;
  let rows = 0;
  for (const count of batch.rows) rows += count;
  version.onRun({ jobs, rows, begun, computeMicros, inline });
  if (outcome.kind === 'each') noteMixedRows(version, outcome.outcomes);
  else cost.learn(rows, computeMicros / 1000);
  const outcomes = outcome.kind === 'each' ? outcome.outcomes : split(outcome.outputs, batch);
  for (const [i, job] of jobs.entries()) {
    const one = outcomes[i];
    const queueMicros = (begun - job.since) * 1000;
    if (one?.ok === true) job.resolve({ outputs: one.outputs, queueMicros, computeMicros });
    else job.reject(new Error(one?.error ?? 'the engine gave no answer'));
  }
}

function split(outputs: Parameters<typeof splitRows>[0], { rows }: Batch): readonly Outcome[] {
  return splitRows(outputs, rows).map((own) => ({ ok: true, outputs: own }));
}

/** Requests that fail together and not apart: the model does not keep their rows apart. */
function noteMixedRows(version: EngineVersion, outcomes: readonly Outcome[]): void {
  if (outcomes.length === 1 || outcomes.some(({ ok }) => !ok)) return;
  if (++version.mixedRows < mixedRowsLimit) return;
  version.queue.stopBatching();
  version.inline?.queue.stopBatching();
}
