import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, logFields, withHugePages } from '@manara/contract';
import { probedVariable } from './engine/probe-memory';
import type { ServerLog } from './telemetry/logger';

/** Set for the process that is watched, which would otherwise start another. */
export const supervisedVariable = 'MANARA_SUPERVISED';

/** A server that is lost this often within this time is not started again. */
const limit = { times: 5, withinMillis: 60_000 } as const;

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What the watched process says once it listens. */
export const listeningMessage = 'listening';

/**
 * Runs the server in a process of its own, and starts it again where native code or a lack of memory
 * ended it. Signals are passed on; the server's own end is this process's.
 *
 * @param script - what to run, with its arguments.
 */
export async function supervise(script: readonly string[], log: ServerLog): Promise<Ending> {
  const lost: number[] = [];
  const watched: { child?: ChildProcess; stopping: boolean } = { stopping: false };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      watched.stopping = true;
      watched.child?.kill(name);
    });
  }
  const variables = { [supervisedVariable]: '1', ...placeForVerdicts() };
  for (;;) {
    watched.child = start(script, variables);
    const { ending, listened } = await end(watched.child);
    const { code, signal } = ending;
    // What says that it failed to start would say so again.
    if (watched.stopping || code === exitCodes.ok || (code !== null && !listened)) return ending;
    const now = performance.now();
    lost.push(now);
    const recent = lost.filter((at) => now - at < limit.withinMillis);
    const again = recent.length < limit.times;
    const how = signal ?? `exit code ${code ?? 'unknown'}`;
    log.write('error', 'server_lost', again ? 'started again' : 'lost too often to start again', {
      [logFields.error]: how,
    });
    if (!again) return ending;
  }
}

/** Where what is found out about model files outlives the server. */
function placeForVerdicts(): NodeJS.ProcessEnv {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'manara-probed-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    return { [probedVariable]: folder };
  } catch {
    // No disk to write to: files are probed at each start.
    return {};
  }
}

function start(script: readonly string[], variables: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...script], {
    // In a group of its own: a terminal's Ctrl-C would reach it twice, which means to hurry.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: withHugePages({ ...process.env, ...variables }),
  });
}

function end(child: ChildProcess): Promise<{ ending: Ending; listened: boolean }> {
  return new Promise((resolve, reject) => {
    let listened = false;
    child.once('message', () => {
      listened = true;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve({ ending: { code, signal }, listened });
    });
  });
}
