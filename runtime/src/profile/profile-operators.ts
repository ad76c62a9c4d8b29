import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { SymbolicTensor } from '../protocol/tensor';
import type { OperatorTimes } from './operator-times';

export interface OperatorTask {
  readonly file: string;
  /** With every size fixed. */
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly string[];
  readonly intraOpThreads: number;
  /** Milliseconds of runs. */
  readonly millis: number;
}

export type OperatorReport =
  | { readonly ok: true; readonly times: OperatorTimes }
  | { readonly ok: false; readonly error: string };

/** Besides the runs: to start the process and load the model, and for a last run that takes long. */
const graceMillis = 60_000;

/**
 * Runs a model on made-up values in a process of its own, with onnxruntime's profiler on.
 *
 * @throws Error saying why there is no profile.
 */
export async function profileOperators(task: OperatorTask): Promise<OperatorTimes> {
  const child = fork(join(__dirname, 'operator-child.js'), [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // JSON would turn `undefined` for a dimension without a symbol into null.
    serialization: 'advanced',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), task.millis + graceMillis);
  try {
    return await new Promise<OperatorTimes>((resolve, reject) => {
      child.once('message', (report: OperatorReport) => {
        if (report.ok) resolve(report.times);
        else reject(new Error(report.error));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`the profiling process ended (${signal ?? `exit code ${code ?? ''}`})`));
      });
      child.send(task, () => undefined);
    });
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
