import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A `manara-server` of its own process, so that its CPU time is its own. */
export interface ServerProcess {
  readonly pid: number;
  /** `127.0.0.1:port`, as `grpc` is. */
  readonly http: string;
  readonly grpc: string;
  stop(): Promise<void>;
}

/** Starts the server on free ports of the loopback interface and waits until it is ready. */
export async function startServerProcess(
  repository: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ServerProcess> {
  const flags = [
    '--model-repository',
    repository,
    '--http-port',
    '0',
    '--grpc-port',
    '0',
    '--metrics-port',
    '0',
    ...more,
  ];
  const child = spawn(
    process.execPath,
    [require.resolve('@manara/runtime/build/src/main.js'), ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    },
  );
  // However this process ends, its server ends with it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const { http, grpc } = await listeningAddresses(child);
  return {
    pid: child.pid ?? 0,
    http,
    grpc,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function listeningAddresses(
  child: ChildProcess,
): Promise<Pick<ServerProcess, 'http' | 'grpc'>> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { event?: string; http?: string; grpc?: string };
    // The rest of the log is not of interest, but must be read all the same.
    const { event, http, grpc } = entry;
    if (event === 'listening' && http !== undefined && grpc !== undefined) {
      child.stdout.resume();
      return { http, grpc };
    }
  }
  throw new Error(`the server ended with code ${child.exitCode ?? 'none'} before it listened`);
}
