import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flags, type ServerConfig, ServerConfigError, parseServerConfig } from '@manara/contract';
import type { ServerAddresses } from '@manara/runtime';
import { CliError, messageOf, UsageError } from '../cli-error';
import type { Program } from '../load-program';
import { shownPath } from '../shown-path';
import { type DevPorts, refuseBusyPorts } from './dev-ports';
import { mergeConfigs } from './merge-configs';
import { linkModels, missingModels, type ModelSource, modelSources } from './model-files';
import { serverBinary } from './server-binary';
import { ServerProcess } from './server-process';
import { siteConfigs } from './site-configs';

export interface ServeOptions {
  readonly ports: DevPorts;
  /**
   * Id of a site: what its servers serve, standbys included.
   * @default - what carries the traffic of any site
   */
  readonly site?: string;
  /**
   * Folder for links to the weights, and for those that had to be fetched.
   * @default - `.manara/dev` in the program's folder, which keeps itself out of git
   */
  readonly workFolder?: string;
  /**
   * Receives each line of the server's log.
   * @default - nobody
   */
  readonly onLog?: (line: string) => void;
  /**
   * Is told what takes time.
   * @default - nobody
   */
  readonly onProgress?: (what: string) => void;
}

/** A program's endpoints, served on this machine. */
export interface DevServer {
  /** `host:port` of REST, gRPC and metrics. */
  readonly addresses: Readonly<Record<keyof ServerAddresses, string>>;
  readonly models: NonNullable<ServerConfig['models']>;
  /** Resolves with the server's exit code. */
  readonly exit: Promise<number>;
  /** Answers every accepted request, then ends. Resolves as `exit`. Called again, it hurries. */
  stop(): Promise<number>;
}

/**
 * Serves a program's endpoints on loopback, with the configuration that the sites' pods carry, in a
 * child process that ends with this one. Resolves when every version answers.
 *
 * @param signal ends the server, or the preparations for it
 * @throws CliError where the tree is refused, models collide, weights cannot be had, a port is in use or
 * the server does not start
 */
export async function serveProgram(
  program: Program,
  options: ServeOptions,
  signal?: AbortSignal,
): Promise<DevServer> {
  const script = serverBinary(program.folder);
  const { onProgress = () => undefined, onLog = () => undefined } = options;
  const merged = mergeConfigs(siteConfigs(program, options.site));
  const sources = modelSources(program.app, merged);
  const work = join(
    options.workFolder ?? (await projectFolder(program.folder)),
    options.site ?? 'all-sites',
  );
  const repository = join(work, 'models');
  const config = localConfig(merged, repository, options.ports);
  await refuseBusyPorts(options.ports);
  await linkModels(sources, repository);
  const configFile = join(work, `config-${process.pid}.json`);
  const start = async (args: readonly string[], config: ServerConfig): Promise<ServerProcess> => {
    await writeFile(configFile, `${JSON.stringify(config, null, 2)}\n`);
    const server = new ServerProcess(script, [...args, flags.config, configFile], onLog);
    const stop = (): void => void server.stop();
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop);
    return server;
  };
  try {
    await fetchMissing(sources, missingModels(merged, sources), repository, start, onProgress);
    onProgress('starting manara-server');
    const server = await start(['--exit-on-error', 'true'], config);
    const { http = '', grpc = '', metrics = '' } = await server.listening();
    return {
      addresses: { http, grpc, metrics },
      models: config.models ?? [],
      exit: server.exit,
      stop: () => server.stop(),
    };
  } finally {
    await rm(configFile, { force: true });
  }
}

/** What a machine of one's own changes: nobody else may call, and no load balancer needs time. */
function localConfig(merged: ServerConfig, repository: string, ports: DevPorts): ServerConfig {
  try {
    return parseServerConfig({
      ...merged,
      ...ports,
      modelRepository: repository,
      host: '127.0.0.1',
      drainDelaySeconds: 0,
    });
  } catch (error) {
    if (!(error instanceof ServerConfigError)) throw error;
    throw new UsageError(messageOf(error), { cause: error });
  }
}

async function fetchMissing(
  sources: readonly ModelSource[],
  config: ServerConfig,
  repository: string,
  start: (args: readonly string[], config: ServerConfig) => Promise<ServerProcess>,
  onProgress: (what: string) => void,
): Promise<void> {
  const missing = sources.filter((source) => source.file === undefined);
  if (missing.length === 0) return;
  onProgress(`fetching ${missing.map(({ model, version }) => `${model}/${version}`).join(', ')}`);
  const fetching = await start(['fetch', flags.modelRepository, repository], config);
  const code = await fetching.exit;
  if (code !== 0) throw new CliError(`manara-server fetch ended with code ${code}; see its log`);
}

/** A folder that keeps itself out of git, as nobody should have to think of it. */
async function projectFolder(folder: string): Promise<string> {
  const root = join(folder, '.manara');
  try {
    await mkdir(root, { recursive: true });
    await writeFile(join(root, '.gitignore'), '*\n');
  } catch (error) {
    throw new CliError(`cannot write to "${shownPath(root)}": ${messageOf(error)}`, {
      cause: error,
    });
  }
  return join(root, 'dev');
}
