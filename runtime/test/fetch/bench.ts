import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFetch } from '../../src/fetch';
import type { FetchSettings } from '../../src/fetch/fetch-models';

/** Short pauses, so that a test of retries takes milliseconds. */
export const quick: FetchSettings = {
  retry: { attempts: 3, firstDelayMillis: 1, maxDelayMillis: 2 },
  stallMillis: 300,
  progressMillis: 60_000,
};

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface LocalServer {
  readonly origin: string;
  /** Paths that were asked for, in order. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** A web server on a free port of the loopback. */
export async function serve(listener: RequestListener): Promise<LocalServer> {
  const server = createServer();
  const seen: string[] = [];
  server.on('request', (request, response) => {
    seen.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A folder with a configuration file and an empty model repository. */
export class Workplace {
  readonly config: string;
  readonly repository: string;
  /** Where version 1 of the model `fraud` is put. */
  readonly weights: string;

  private constructor(readonly folder: string) {
    this.config = join(folder, 'config.json');
    this.repository = join(folder, 'models');
    this.weights = join(this.repository, 'fraud', '1', 'model.onnx');
  }

  static async create(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'manara-fetch-')));
  }

  /** Writes a configuration of one model, `fraud`, version 1. */
  async describe(uri: string, digest: string): Promise<void> {
    await this.configure({
      models: [
        { name: 'fraud', defaultVersion: 1, versions: [{ version: 1, uri, sha256: digest }] },
      ],
    });
  }

  async configure(config: unknown): Promise<void> {
    await writeFile(this.config, JSON.stringify(config));
  }

  /** Runs fetch mode on the configuration. */
  async fetch(settings: FetchSettings = quick): Promise<Outcome> {
    return run(['--config', this.config, '--model-repository', this.repository], settings);
  }

  /** Names of all files in version 1's folder; none where there is no folder. */
  async files(): Promise<readonly string[]> {
    return readdir(join(this.repository, 'fraud', '1')).catch(() => []);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

export interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly logs: readonly Readonly<Record<string, unknown>>[];
  /** `error` of the last log line. */
  readonly error: unknown;
}

export async function run(argv: readonly string[], settings = quick): Promise<Outcome> {
  const lines: string[] = [];
  let stderr = '';
  const code = await runFetch(argv, {
    settings,
    logs: { write: (line) => lines.push(line) },
    stderr: { write: (text) => (stderr += text) },
  });
  const logs = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stderr, logs, error: logs.at(-1)?.error };
}
