import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchCommand, flags } from '@manara/contract';
import { repositoryRoot } from '../support/paths';

export interface FetchJob {
  readonly folder: string;
  readonly repository: string;
  readonly uri: string;
  readonly sha256: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Flags besides. @default - none */
  readonly flags?: readonly string[];
}

export interface FetchEnd {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
}

let count = 0;

/** The real fetch mode, in a process of its own, on version 1 of the model `fraud`. */
export class FetchProcess {
  readonly #end: Promise<FetchEnd>;

  private constructor(private readonly child: ChildProcess) {
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    this.#end = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      logs: parse(Buffer.concat(chunks).toString('utf8')),
    }));
  }

  static start(job: FetchJob): FetchProcess {
    const config = join(job.folder, `config-${(count += 1)}.json`);
    const version = { version: 1, uri: job.uri, sha256: job.sha256 };
    const models = [{ name: 'fraud', defaultVersion: 1, versions: [version] }];
    writeFileSync(config, JSON.stringify({ modelRepository: job.repository, models }));
    const main = join(repositoryRoot, 'runtime/build/src/main.js');
    const args = [main, fetchCommand, flags.config, config, ...(job.flags ?? [])];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      // The SDK of S3 announces in each process which Node.js it will need one day.
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...job.environment },
    });
    return new FetchProcess(child);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  async end(): Promise<FetchEnd> {
    return this.#end;
  }
}

/** A killed process may leave half a line. */
function parse(text: string): FetchEnd['logs'] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
