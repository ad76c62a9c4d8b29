import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { logFields, withHugePages } from '@manara/contract';
import type { ServerAddresses } from '@manara/runtime';
import { CliError } from '../cli-error';

/** Lines that a failure quotes of a server's log. */
const quotedLines = 5;

/** `manara-server` as a child process, which ends with this one. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number>;
  readonly #listening: Promise<ServerAddresses>;
  #signals = 0;

  /** @param onLog receives each line that the server writes */
  constructor(script: string, args: readonly string[], onLog: (line: string) => void) {
    this.#child = spawn(process.execPath, [join(__dirname, 'server-child.js'), script, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C in the terminal reaches the server once, through `stop`.
      detached: true,
      env: withHugePages(process.env),
    });
    const recent: string[] = [];
    this.#exit = exitCode(this.#child);
    this.#listening = new Promise((resolve, reject) => {
      const onLine = (line: string): void => {
        recent.splice(0, recent.length - quotedLines + 1, line);
        onLog(line);
        const addresses = listeningAddresses(line);
        if (addresses !== undefined) resolve(addresses);
      };
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        if (stream !== null) createInterface({ input: stream }).on('line', onLine);
      }
      void this.#exit.then((code) => {
        const log = recent.map((line) => `  ${line}`).join('\n');
        reject(new CliError(`manara-server ended with code ${code} before it listened:\n${log}`));
      });
    });
    // Whoever only waits for the end need not ask whether it ever listened.
    this.#listening.catch(() => undefined);
  }

  /** Resolves with the code that the server ended with; 128 and the signal's number where one ended it. */
  get exit(): Promise<number> {
    return this.#exit;
  }

  /** @throws CliError with the end of its log, where the server ends before it accepts requests */
  listening(): Promise<ServerAddresses> {
    return this.#listening;
  }

  /** Asks the server to answer what it accepted and end; again, to hurry; a third time, ends it. */
  stop(): Promise<number> {
    this.#signals += 1;
    this.#child.kill(this.#signals > 2 ? 'SIGKILL' : 'SIGTERM');
    return this.#exit;
  }
}

/** After the streams have closed, so that no line of the log is lost. */
async function exitCode(child: ChildProcess): Promise<number> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
}

/** What the server says when it accepts requests, if a line of its log is that. */
function listeningAddresses(line: string): ServerAddresses | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Partial<ServerAddresses> & Readonly<Record<string, unknown>>;
    if (entry[logFields.event] !== 'listening') return undefined;
    return { http: entry.http, grpc: entry.grpc, metrics: entry.metrics };
  } catch {
    return undefined;
  }
}
