import { createHash } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { probe, type Probed, type ProbeOptions } from './probe';

/** Names the folder that verdicts are kept in, for as long as a server is watched over. */
export const probedVariable = 'MANARA_PROBED';

/**
 * As `probe`, unless the same file was probed before and the verdict is kept: a server that is started
 * again after a crash is back in half the time. A file that was refused is probed again.
 *
 * @param folder - `undefined`: nothing is kept.
 * @throws Error saying why the file cannot be served.
 */
export async function probeOnce(
  file: string,
  options: ProbeOptions,
  folder = process.env[probedVariable],
): Promise<Probed> {
  if (folder === undefined) return probe(file, options);
  const kept = join(folder, await identity(file, options.graph?.path));
  try {
    return deserialize(await readFile(kept)) as Probed;
  } catch {
    // Never probed, or the verdict cannot be read.
  }
  const probed = await probe(file, options);
  // A file that was replaced meanwhile has another identity, and is probed then.
  const half = `${kept}.${process.pid}`;
  await writeFile(half, serialize(probed))
    .then(() => rename(half, kept))
    // Without it the next start takes longer.
    .catch(() => undefined);
  return probed;
}

/** The same for the same bytes: whoever changes a file changes its times. */
async function identity(file: string, graph = ''): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  const parts = [file, dev, ino, size, mtimeNs, ctimeNs, graph].map(String);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
