import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { SessionSignature } from './ort-types';

export interface ProbeTask {
  readonly file: string;
}

export type ProbeReport =
  | { readonly ok: true; readonly signature: SessionSignature }
  | { readonly ok: false; readonly error: string };

export interface ProbeOptions {
  /** Seconds that a probe is given. @default 120 */
  readonly timeoutSeconds?: number;
  /** Script that the child runs. @default - the probe of this package */
  readonly script?: string;
}

/**
 * Loads a model file in a child process and runs it once on zeros, so that a file which makes
 * native code abort, or never ends, is found out before the server loads it.
 *
 * @throws Error saying why the file cannot be served.
 */
export async function probe(
  file: string,
  { timeoutSeconds = 120, script = join(__dirname, 'probe-child.js') }: ProbeOptions = {},
): Promise<SessionSignature> {
  const child = fork(script, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // JSON would turn `undefined` for a dimension without a symbol into null.
    serialization: 'advanced',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutSeconds * 1000);
  try {
    const report = await new Promise<ProbeReport>((resolve, reject) => {
      child.once('message', (message: ProbeReport) => {
        resolve(message);
      });
      child.on('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(causeOfDeath(code, signal, timeoutSeconds)));
      });
      child.send({ file } satisfies ProbeTask);
    });
    if (!report.ok) throw new Error(report.error);
    return report.signature;
  } finally {
    clearTimeout(timer);
    // The report is the verdict; the child has nothing to save and must not outlive it.
    child.kill('SIGKILL');
  }
}

function causeOfDeath(
  code: number | null,
  signal: NodeJS.Signals | null,
  timeoutSeconds: number,
): string {
  if (signal === 'SIGKILL') {
    return `the probe was killed: it ran for ${timeoutSeconds} s, or memory ran out`;
  }
  return signal === null
    ? `the probe ended with exit code ${code ?? 'unknown'} before it could report`
    : `the file makes the inference engine abort (${signal})`;
}
