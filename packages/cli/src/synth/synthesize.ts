import { resolve } from 'node:path';
import { type LateValues, manifestFiles } from '@manara/constructs';
import { CliError } from '../cli-error';
import type { Program } from '../load-program';
import { validated } from '../validated';
import { manifestYaml } from './manifest-yaml';
import { writeFiles } from './write-files';

export interface SynthesizeOptions {
  /** Folder for the YAML, relative to the working directory. */
  readonly output: string;
  /**
   * Late values by name.
   * @default - none
   */
  readonly values?: LateValues;
}

export interface SynthesizedFile {
  /** Path below the output, with forward slashes: `office/fraud.yaml`. */
  readonly path: string;
  readonly documents: number;
}

export interface Synthesis {
  /** Absolute path of the folder that was written to. */
  readonly output: string;
  /** Folders below it, one a site. */
  readonly folders: readonly string[];
  readonly files: readonly SynthesizedFile[];
  /** Files of an earlier run that went. */
  readonly removed: readonly string[];
}

/**
 * Writes a program's tree as YAML: one folder a site, one file an endpoint.
 *
 * @throws CliError where the tree is refused or the folder cannot be written; nothing changes then
 */
export async function synthesize(
  program: Program,
  { output, values = {} }: SynthesizeOptions,
): Promise<Synthesis> {
  const manifests = validated(program, () => manifestFiles(program.app, values), values);
  if (manifests.length === 0) {
    throw new CliError(`${program.file}: the tree holds no Kubernetes object; add a Site`);
  }
  const files = manifests.map(({ folder, name, documents }) => ({
    path: `${folder}/${name}`,
    text: manifestYaml(documents),
    documents: documents.length,
  }));
  refuseTwins(files.map((file) => file.path));
  const target = resolve(output);
  const { removed } = await writeFiles(target, program.folder, files);
  return {
    output: target,
    folders: [...new Set(manifests.map((file) => file.folder))],
    files: files.map(({ path, documents }) => ({ path, documents })),
    removed,
  };
}

/** Sites of two zones may share an id; the second would overwrite the first. */
function refuseTwins(paths: readonly string[]): void {
  const twin = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twin !== undefined) {
    throw new CliError(`two sites would both be written to "${twin}"; give them different ids`);
  }
}
