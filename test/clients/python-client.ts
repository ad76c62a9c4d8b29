import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realRequests } from '../support/inference';
import type { ModelServer } from '../support/model-server';
import { repositoryRoot } from '../support/paths';

/** The folder of the scripts and of their pinned packages. */
export const clientsFolder = join(repositoryRoot, 'test', 'clients');

/** Runs a client script against a server; what it prints, parsed. */
export async function runClient(
  python: string,
  script: string,
  { http, grpc }: ModelServer,
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'manara-client-'));
  try {
    const job = join(folder, 'job.json');
    writeFileSync(job, JSON.stringify({ http, grpc, requests: realRequests() }));
    const { stdout } = await promisify(execFile)(python, [join(clientsFolder, script), job], {
      maxBuffer: 256 * 2 ** 20,
      // Nothing compiled is left beside the scripts.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      timeout: 120_000,
    });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
