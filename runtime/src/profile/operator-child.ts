import '../engine/telemetry-off';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binding, initOrt } from 'onnxruntime-node/dist/binding';
import { keepHalvesAsBits } from '../engine/half-storage';
import { madeUp } from '../engine/made-up';
import { sessionOptions, toOrt } from '../engine/ort-types';
import { addUp, type OperatorTimes, type ProfilerEvent } from './operator-times';
import type { OperatorReport, OperatorTask } from './profile-operators';

/** Runs before those that count, and most of those: the profiler writes a line for each node of each. */
const warmUpRuns = 3;
const mostRuns = 100;

/**
 * The process that a model is profiled in: onnxruntime's profiler is a setting of a session, costs each
 * of its runs, and writes a file, so that no session that answers requests has it.
 */
keepHalvesAsBits();
process.once('message', (task: OperatorTask) => {
  let report: OperatorReport;
  try {
    report = { ok: true, times: profile(task) };
  } catch (error) {
    report = { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(report, () => {
    process.disconnect();
  });
});

function profile({ file, inputs, outputs, intraOpThreads, millis }: OperatorTask): OperatorTimes {
  const folder = mkdtempSync(join(tmpdir(), 'manara-profile-'));
  try {
    initOrt();
    const session = new binding.InferenceSession();
    session.loadModel(file, {
      ...sessionOptions(intraOpThreads),
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
    });
    const feeds = toOrt(madeUp(inputs, 1, 1, 9));
    const fetches = Object.fromEntries(outputs.map((name) => [name, null]));
    const until = performance.now() + millis;
    let runs = 0;
    while (runs < warmUpRuns + mostRuns) {
      session.run(feeds, fetches, {});
      runs++;
      if (performance.now() > until && runs > warmUpRuns) break;
    }
    const events = JSON.parse(readFileSync(session.endProfiling(), 'utf8')) as ProfilerEvent[];
    session.dispose();
    return addUp(withoutFirst(events, warmUpRuns), runs - warmUpRuns);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Events after the end of so many runs. */
function withoutFirst(events: readonly ProfilerEvent[], runs: number): readonly ProfilerEvent[] {
  let ended = 0;
  const index = events.findIndex(({ name }) => name === 'model_run' && ++ended === runs);
  return events.slice(index + 1);
}
