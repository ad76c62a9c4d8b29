import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explanationFile, modelFilePath, type ServerConfig } from '@manara/contract';
import { repositoryRoot } from '../../support/paths';
import { Mounts } from './mounts';
import { literalEnvironment } from './pod';
import type { Program } from './program';

export interface ModelServerProgramOptions {
  /** Files of weights and explanations; the configuration's digests say which belong where. */
  readonly files: readonly string[];
  /** Changes what cannot hold on this machine: names of hosts, for there is no DNS. @default - nothing */
  readonly configure?: (config: ServerConfig) => ServerConfig;
}

/**
 * Plays a pod by the real manara-server, with the arguments, the configuration and the Secrets of the pod.
 * It listens on the pod's address; weights are laid out as the init container would have.
 */
export function modelServer({ files, configure }: ModelServerProgramOptions): Program {
  const byDigest = new Map(files.map((file) => [digestOf(file), file]));
  return async (place) => {
    const mounts = await Mounts.of(place);
    const { container, folder, ip } = place;
    const args = (container.args ?? []).map((arg) => mounts.pathOf(arg));
    const file = args[args.indexOf('--config') + 1];
    if (file === undefined) throw new Error(`${container.name} names no --config`);
    const described = JSON.parse(readFileSync(file, 'utf8')) as ServerConfig;
    const modelRepository = join(folder, 'models');
    const config = withPaths({ ...described, host: ip }, mounts) as ServerConfig;
    layOut(described, modelRepository, byDigest);
    const changed = configure?.(config) ?? config;
    writeFileSync(file, JSON.stringify({ ...changed, modelRepository }));
    const main = join(repositoryRoot, 'runtime', 'build', 'src', 'main.js');
    return {
      command: process.execPath,
      args: [main, ...args],
      env: literalEnvironment(container),
    };
  };
}

function layOut(
  { models = [] }: ServerConfig,
  repository: string,
  byDigest: ReadonlyMap<string, string>,
): void {
  mkdirSync(repository, { recursive: true });
  const bring = (sha256: string, to: string): void => {
    const file = byDigest.get(sha256);
    if (file === undefined) throw new Error(`no file is known for ${to}, of the digest ${sha256}`);
    mkdirSync(dirname(join(repository, to)), { recursive: true });
    cpSync(file, join(repository, to));
  };
  for (const { name, versions } of models) {
    for (const { version, sha256, explanation } of versions) {
      const place = modelFilePath(name, version);
      bring(sha256, place);
      if (explanation !== undefined) {
        bring(explanation.sha256, join(dirname(place), explanationFile));
      }
    }
  }
}

/** Every text that is a path below a mount, as the path that it is here. */
function withPaths(value: unknown, mounts: Mounts): unknown {
  if (typeof value === 'string') return mounts.pathOf(value);
  if (Array.isArray(value)) return value.map((item) => withPaths(item, mounts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withPaths(item, mounts)]),
  );
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
