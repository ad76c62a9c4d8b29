import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';

const main = join(__dirname, '..', '..', 'src', 'main.js');

/** `manara-server` in a process of its own. */
export class ServerProcess {
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  /** Standard output besides log lines. */
  text = '';
  stderr = '';
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();

  /** @param wrapper - command that runs the server: strace. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    options: SpawnOptions = {},
    wrapper: readonly string[] = [],
  ) {
    const [command, ...words] = [...wrapper, process.execPath, main, ...args] as [string];
    this.child = spawn(command, words, { env: { PATH: process.env.PATH, ...env }, ...options });
    let rest = '';
    this.child.stdout?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        if (line.startsWith('{')) this.lines.push(JSON.parse(line) as Record<string, unknown>);
        else this.text += `${line}\n`;
      }
      for (const check of this.waiting) check();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The first log line of an event. @throws Error where the process ends without it */
  async logged(event: string): Promise<Readonly<Record<string, unknown>>> {
    const found = new Promise<Readonly<Record<string, unknown>>>((resolve) => {
      const check = (): void => {
        const line = this.lines.find((candidate) => candidate.event === event);
        if (line === undefined) return;
        this.waiting.delete(check);
        resolve(line);
      };
      this.waiting.add(check);
      check();
    });
    const ended = this.exited.then(({ code }) => {
      throw new Error(`exit ${code ?? 'by signal'} without ${event}: ${this.stderr}`);
    });
    return Promise.race([found, ended]);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

export const anyPorts = ['--http-port', '0', '--grpc-port', '0', '--metrics-port', '0'] as const;
