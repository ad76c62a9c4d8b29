import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/paths';

const folder = join(repositoryRoot, 'test', 'engines');

/** The packages of the suite `clients`: tritonclient with Triton's schemas, kserve with KServe's models. */
export const requirements = join(repositoryRoot, 'test', 'clients', 'requirements.txt');

/** Runs a script of this folder on a value; what it prints, parsed. */
export async function runTool(python: string, script: string, input: unknown): Promise<unknown> {
  const temporary = mkdtempSync(join(tmpdir(), 'manara-engines-'));
  try {
    const file = join(temporary, 'input.json');
    writeFileSync(file, JSON.stringify(input));
    const { stdout } = await promisify(execFile)(python, [join(folder, script), file], {
      maxBuffer: 256 * 2 ** 20,
      // Nothing compiled is left beside the scripts.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      timeout: 120_000,
    });
    return JSON.parse(stdout);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
