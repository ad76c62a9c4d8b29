import { type BigIntStats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  explanationFile,
  isModelName,
  modelConfigFile,
  modelNameRule,
  parseModelVersion,
} from '@manara/contract';
import { fileState } from '../engine/held-file';
import { errors } from '../errors';
import { defaultModelConfig, type ModelConfig, parseModelConfig } from './model-config';

const greatestConfigBytes = 1024 * 1024;

/** A model as its folder describes it. */
export interface ScannedModel {
  readonly name: string;
  readonly config: ModelConfig;
  /** Text of `config.pbtxt`; empty where there is none. */
  readonly configText: string;
  /** Numbered version folders, ascending. */
  readonly versions: readonly number[];
  /** Path of a version's file. */
  readonly fileOf: (version: number) => string;
}

/** Names of the model folders, and of the folders that no model can be called. */
export interface FolderNames {
  readonly models: readonly string[];
  readonly ignored: readonly string[];
}

/**
 * Lists the folders of repositories. Files and hidden folders are skipped, as Triton does.
 *
 * @throws ServingError REPOSITORY_UNREADABLE
 */
export async function listModels(roots: readonly string[]): Promise<FolderNames> {
  const names = new Set<string>();
  for (const root of roots) {
    const folders = await foldersIn(root).catch((error: unknown) => {
      throw errors.repositoryUnreadable(root, reasonOf(error));
    });
    for (const name of folders) names.add(name);
  }
  const sorted = [...names].sort();
  return {
    models: sorted.filter(isModelName),
    ignored: sorted.filter((name) => !isModelName(name)),
  };
}

/**
 * Reads one model's folder.
 *
 * @throws Error saying why the model cannot be served.
 */
export async function scanModel(roots: readonly string[], name: string): Promise<ScannedModel> {
  if (!isModelName(name)) throw new Error(`a model's name is ${modelNameRule}`);
  const folder = await folderOf(roots, name);
  const configText = await readConfig(join(folder, modelConfigFile));
  const config = configText === '' ? defaultModelConfig : parseModelConfig(configText, name);
  const versions = (await foldersIn(folder))
    .map(parseModelVersion)
    .filter((version) => version !== undefined)
    .sort((a, b) => a - b);
  const fileOf = (version: number): string => join(folder, String(version), config.fileName);
  return { name, config, configText, versions, fileOf };
}

/**
 * The versions that the model's policy serves.
 *
 * @throws Error where it has none, or names one that has no folder.
 */
export function versionsByPolicy({ config, versions }: ScannedModel): readonly number[] {
  const policy = config.versionPolicy;
  if (versions.length === 0) throw new Error('the folder has no numbered version folder');
  switch (policy.kind) {
    case 'all':
      return versions;
    case 'latest':
      return versions.slice(-policy.count);
    case 'specific': {
      const missing = policy.versions.filter((version) => !versions.includes(version));
      if (missing.length === 0) return [...new Set(policy.versions)].sort((a, b) => a - b);
      throw new Error(
        `version_policy names version ${missing.join(', ')}, the folder has ${versions.join(', ')}`,
      );
    }
  }
}

/**
 * What tells one state of a version's files from another without reading them.
 *
 * @throws Error where the file is missing.
 */
export async function fingerprint(scanned: ScannedModel, version: number): Promise<string> {
  const file = scanned.fileOf(version);
  let stats: BigIntStats;
  try {
    stats = await stat(file, { bigint: true });
  } catch (error) {
    throw new Error(`${version}/${scanned.config.fileName} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (!stats.isFile()) throw new Error(`${version}/${scanned.config.fileName} is not a file`);
  const beside = await stat(explanationOf(file), { bigint: true }).catch(() => undefined);
  return [stats, beside]
    .map((own) => (own === undefined ? '-' : fileState(own)))
    .concat(scanned.configText)
    .join(' ');
}

/** Path of the file that says how a version is explained, whether or not it is there. */
export function explanationOf(file: string): string {
  return join(dirname(file), explanationFile);
}

async function folderOf(roots: readonly string[], name: string): Promise<string> {
  const found: string[] = [];
  for (const root of roots) {
    const folder = join(root, name);
    const stats = await stat(folder).catch(() => undefined);
    if (stats?.isDirectory() === true) found.push(folder);
  }
  const [folder, second] = found;
  if (folder === undefined) throw new Error('the repository has no folder of that name');
  if (second !== undefined) throw new Error('more than one repository has a folder of that name');
  return folder;
}

/** Names of the folders in a folder, without hidden ones. @throws Error of Node.js */
export async function foldersIn(folder: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.startsWith('.')) continue;
    // A link to a folder counts: that is how Kubernetes mounts volumes.
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats?.isDirectory() === true) folders.push(name);
  }
  return folders;
}

/** Text of a `config.pbtxt`, empty where there is none. @throws Error where it cannot be read */
async function readConfig(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    // Whoever opens a pipe waits for its writer.
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > greatestConfigBytes) {
      throw new Error(`it has ${stats.size} bytes; at most ${greatestConfigBytes} are read`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new Error(`${modelConfigFile} cannot be read: ${code ?? message}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
