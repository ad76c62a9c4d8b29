import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** Time between a polite request to end and an impolite one, unless told otherwise. */
const usualGraceMillis = 10_000;

const running = new Set<ChildProcess>();
// However this process ends, short of SIGKILL, its children end with it.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program that a suite starts and stops, with its output in a file. */
export class Child {
  private constructor(
    private readonly process: ChildProcess,
    private readonly name: string,
    private readonly logFile: string,
  ) {}

  static start(
    name: string,
    command: string,
    args: readonly string[],
    options: { readonly logFile: string; readonly env?: NodeJS.ProcessEnv },
  ): Child {
    const log = openSync(options.logFile, 'a');
    const child = spawn(command, args, {
      stdio: ['ignore', log, log],
      env: options.env ?? process.env,
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    // Without a listener a command that cannot be started would end this process.
    child.once('error', () => running.delete(child));
    return new Child(child, name, options.logFile);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Of a program that ended by itself. */
  get exitCode(): number | null {
    return this.process.exitCode;
  }

  get output(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Polls `ready` until it holds; throws with the end of the log if the program ends or time is up. */
  async until(ready: () => Promise<boolean>, timeoutMillis: number): Promise<void> {
    const deadline = Date.now() + timeoutMillis;
    while (!(await ready())) {
      if (this.ended) throw new Error(`${this.name} ended before it was ready:\n${this.tail()}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready after ${timeoutMillis} ms:\n${this.tail()}`);
      }
      await delay(100);
    }
  }

  /** Ends the program. Returns its exit code; `null` where a signal ended it or it never started. */
  async stop(
    signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM',
    graceMillis = usualGraceMillis,
  ): Promise<number | null> {
    if (!this.ended) {
      const exit = once(this.process, 'exit');
      this.process.kill(signal);
      const timer = setTimeout(() => this.process.kill('SIGKILL'), graceMillis);
      await exit;
      clearTimeout(timer);
    }
    return this.process.exitCode;
  }

  /** Ends the program at once, whatever it is doing. */
  async kill(signal: 'SIGKILL' | 'SIGABRT' = 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.ending();
  }

  /** Waits for its end. Returns the signal that ended it; `null` where it ended by itself. */
  async ending(): Promise<NodeJS.Signals | null> {
    if (!this.ended) await once(this.process, 'exit');
    return this.process.signalCode;
  }

  private get ended(): boolean {
    const { pid, exitCode, signalCode } = this.process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  private tail(): string {
    return this.output.split('\n').slice(-20).join('\n');
  }
}
