import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFetch } from '../../src/fetch';
import type { FetchSettings } from '../../src/fetch/fetch-models';
import { stagingOf } from '../../src/fetch/put-in-place';

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

/** A listener that serves one content as web servers do: in ranges, under a tag of its own. */
export function rangeServer(content: () => Buffer, seen: RangeRequest[] = []): RequestListener {
  return (request, response) => {
    const bytes = content();
    const etag = `"${sha256(bytes)}"`;
    const { range, 'if-range': ifRange } = request.headers;
    seen.push({ range, ifRange: ifRange as string | undefined });
    const start = Number(/^bytes=(\d+)-\d*$/.exec(range ?? '')?.[1] ?? 0);
    if (start === 0 || (ifRange !== undefined && ifRange !== etag)) {
      response.writeHead(200, { etag, 'content-length': bytes.length }).end(bytes);
    } else if (start >= bytes.length) response.writeHead(416).end();
    else {
      const span = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
      const length = bytes.length - start;
      response
        .writeHead(206, { etag, 'content-range': span, 'content-length': length })
        .end(bytes.subarray(start));
    }
  };
}

export interface RangeRequest {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
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

/** No process has the greatest number that Linux gives. */
const ownerThatEnded = `${hostname()}.${2 ** 22}`;

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
  async fetch(...flags: readonly string[]): Promise<Outcome> {
    return run(['--config', this.config, '--model-repository', this.repository, ...flags]);
  }

  /** Leaves the first bytes of version 1 as an ended process would. */
  async leavePartial(sha256: string, bytes: Buffer, owner = ownerThatEnded): Promise<void> {
    await mkdir(stagingOf(this.repository), { recursive: true });
    const name = `${sha256}.${owner}.01234567.partial`;
    await writeFile(join(stagingOf(this.repository), name), bytes);
  }

  /** Names of the files that are not whole yet. */
  async partials(): Promise<readonly string[]> {
    const names = await readdir(stagingOf(this.repository)).catch(() => []);
    return names.filter((name) => name.endsWith('.partial'));
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
