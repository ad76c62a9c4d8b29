import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { SessionSignature } from './ort-types';

export interface ProbeTask {
  readonly file: string;
  readonly timeoutSeconds: number;
  readonly graph?: ProbedGraph | undefined;
}

/** The graph of a file as the engine optimized it, which is probed in the file's place. */
export interface ProbedGraph {
  readonly path: string;
  /** Whether it is to be written first. */
  readonly isNew: boolean;
}

/** What the child says: that the file was refused; or first that it runs, then that all is done. */
export type ProbeReport =
  | { readonly stage: 'refused'; readonly error: string }
  | { readonly stage: 'runs'; readonly signature: SessionSignature }
  | { readonly stage: 'done'; readonly traits: ModelTraits };

/** How a model behaves, as far as runs on made-up values can tell. */
export interface ModelTraits {
  /**
   * Whether a row's answer is the same whatever rows are beside it; `undefined` where its first
   * dimensions do not vary together, or the made-up values do not run.
   */
  readonly keepsRowsApart: boolean | undefined;
  /** Rows that run in less than half a millisecond, whatever their values; 0 where none do. */
  readonly quickRows: number;
  /** Whether it answers zeros, one of each size that varies, with values that JSON can say. */
  readonly answersZeros: boolean;
}

/** Of a model that nothing could be found out about in time. */
export const unknownTraits: ModelTraits = {
  keepsRowsApart: undefined,
  quickRows: 0,
  answersZeros: false,
};

/** What a probe found. */
export interface Probed {
  readonly signature: SessionSignature;
  readonly traits: ModelTraits;
}

export interface ProbeOptions {
  /** Seconds that a probe is given. @default 120 */
  readonly timeoutSeconds?: number;
  /** Script that the child runs. @default - the probe of this package */
  readonly script?: string;
  /** @default - the file itself is run */
  readonly graph?: ProbedGraph | undefined;
  /** Ends the probe: the server is stopping. @default - none */
  readonly signal?: AbortSignal;
}

/**
 * Loads a model file in a child process and runs it, so that a file which makes native code abort,
 * or never ends, is found out before the server loads it.
 *
 * @throws Error saying why the file cannot be served.
 */
export async function probe(
  file: string,
  {
    timeoutSeconds = 120,
    script = join(__dirname, 'probe-child.js'),
    graph,
    signal,
  }: ProbeOptions = {},
): Promise<Probed> {
  if (signal?.aborted === true) throw stopped();
  const child = fork(script, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // JSON would turn `undefined` for a dimension without a symbol into null.
    serialization: 'advanced',
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const timer = setTimeout(kill, timeoutSeconds * 1000);
  signal?.addEventListener('abort', kill);
  try {
    return await new Promise<Probed>((resolve, reject) => {
      let signature: SessionSignature | undefined;
      child.on('message', (report: ProbeReport) => {
        if (report.stage === 'refused') reject(new Error(report.error));
        else if (report.stage === 'runs') signature = report.signature;
        else if (signature !== undefined) resolve({ signature, traits: report.traits });
      });
      child.on('error', reject);
      child.once('exit', (code, cause) => {
        if (signal?.aborted === true) reject(stopped());
        else if (signature === undefined) reject(causeOfDeath(code, cause, timeoutSeconds));
        // Out of time or memory over values that callers hardly send: no verdict on the file.
        else if (cause === 'SIGKILL') resolve({ signature, traits: unknownTraits });
        else reject(causeOfLateDeath(code, cause));
      });
      // A child that is gone before it is told has an exit code that says more than the pipe's error.
      child.send({ file, timeoutSeconds, graph } satisfies ProbeTask, () => undefined);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    // The report is the verdict; the child has nothing to save and must not outlive it.
    kill();
  }
}

function stopped(): Error {
  return new Error('the server is stopping');
}

function causeOfDeath(
  code: number | null,
  signal: NodeJS.Signals | null,
  timeoutSeconds: number,
): Error {
  if (signal === 'SIGKILL') {
    return new Error(`the probe was killed: it ran for ${timeoutSeconds} s, or memory ran out`);
  }
  return new Error(
    signal === null
      ? `the probe ended with exit code ${code ?? 'unknown'} before it could report`
      : `the file makes the inference engine abort (${signal})`,
  );
}

function causeOfLateDeath(code: number | null, signal: NodeJS.Signals | null): Error {
  return new Error(
    `integers at the end of their range make the inference engine abort (${signal ?? `exit code ${code ?? 'unknown'}`}): a request could end the server; let the model guard its integer divisions`,
  );
}
