import { readFile } from 'node:fs/promises';
import {
  environment,
  exitCodes,
  fetchCommand,
  flags,
  logFields,
  parseServerConfig,
  type ServerConfig,
  ServerConfigError,
} from '@manara/contract';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DestinationStream } from 'pino';
import { createLogger, type LogLevel } from '../telemetry/logger';
import { FetchError } from './fetch-error';
import {
  defaultSettings,
  fetchEvents,
  fetchModels,
  type FetchSettings,
  type FetchTarget,
  type WantedVersion,
  wantedVersions,
} from './fetch-models';
import { type SourceOptions, SourceUriError } from './sources/source';
import { WeightsCache } from './weights-cache';

/** What a run may be given besides its arguments. */
export interface FetchOptions {
  /** Tries, pauses and time limits. @default defaultSettings */
  readonly settings?: FetchSettings;
  /** Where log lines go, one JSON object each. @default - standard output */
  readonly logs?: DestinationStream;
  /** Where help and usage errors go. @default - standard error */
  readonly stderr?: { write(text: string): unknown };
}

/** The command line or the configuration is wrong: trying again will not help. */
class UsageError extends Error {}

/**
 * `manara-server fetch`: brings every version that the configuration lists into the repository.
 *
 * @param argv - the arguments after the word `fetch`.
 * @returns the exit code, of the contract's `exitCodes`.
 */
export async function runFetch(
  argv: readonly string[],
  { settings = defaultSettings, logs, stderr = process.stderr }: FetchOptions = {},
): Promise<number> {
  const stop = stopOnSignals();
  try {
    const { target, logLevel, wanted } = await prepare(argv, stderr);
    const log = createLogger(logLevel, logs);
    try {
      await fetchModels(wanted, target, settings, log, stop.signal);
      return exitCodes.ok;
    } catch (error) {
      log.error(
        { [logFields.event]: fetchEvents.failed, [logFields.error]: messageOf(error) },
        'models could not be fetched',
      );
      return exitCodes.failure;
    }
  } catch (error) {
    // Commander has written its own message, or the help that was asked for.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`manara-server: ${error.message}\n`);
    return exitCodes.usage;
  } finally {
    stop.release();
  }
}

interface Prepared {
  readonly target: FetchTarget;
  readonly logLevel: LogLevel;
  readonly wanted: readonly WantedVersion[];
}

/** Everything that can be wrong before the first byte is asked for. */
async function prepare(
  argv: readonly string[],
  stderr: { write(text: string): unknown },
): Promise<Prepared> {
  const options = commandLine(stderr).parse(argv, { from: 'user' }).opts<{
    readonly config: string;
    readonly modelRepository?: string;
    readonly cache?: string;
    readonly cacheBytes?: number;
    readonly allowHost: readonly string[];
    readonly logLevel?: LogLevel;
  }>();
  const config = await readConfig(options.config);
  const repository = options.modelRepository ?? config.modelRepository;
  if (repository === undefined) {
    throw new UsageError(
      `no model repository: give ${flags.modelRepository} DIR, or modelRepository in ${options.config}`,
    );
  }
  const { cache, cacheBytes, allowHost: allowedHosts } = options;
  if (cache === undefined && cacheBytes !== undefined) {
    throw new UsageError('--cache-bytes bounds the cache, and there is none: give --cache DIR');
  }
  return {
    target: {
      repository,
      cache: cache === undefined ? undefined : new WeightsCache(cache, cacheBytes),
    },
    logLevel: options.logLevel ?? config.logLevel ?? 'info',
    wanted: wantedOf(config, options.config, { allowedHosts }),
  };
}

function commandLine(stderr: { write(text: string): unknown }): Command {
  return new Command(`manara-server ${fetchCommand}`)
    .description('Bring the versions that a configuration lists into a model repository.')
    .addOption(
      new Option(`${flags.config} <file>`, 'configuration of the server, JSON')
        .env(environment.config)
        .makeOptionMandatory(),
    )
    .option(`${flags.modelRepository} <dir>`, 'folder to bring them to (default: as configured)')
    .option('--cache <dir>', 'folder that keeps weights by their digest, to fetch each once')
    .option('--cache-bytes <number>', 'what the cache may hold after a run', wholeBytes)
    .option(
      `${flags.allowHost} <host>`,
      'host that a source may lead to besides its own; repeatable',
      (host: string, hosts: readonly string[]) => [...hosts, hostName(host)],
      [],
    )
    .addOption(
      new Option('--log-level <level>', 'least serious log lines to write')
        .env(environment.logLevel)
        .choices(['error', 'warn', 'info', 'debug']),
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: (text) => stderr.write(text) });
}

function wholeBytes(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected whole bytes, such as 10000000000.');
}

function hostName(text: string): string {
  if (URL.canParse(`https://${text}`) && new URL(`https://${text}`).host === text) return text;
  throw new InvalidArgumentError('Expected a host in lower case, such as auth.bank.example:8443.');
}

async function readConfig(file: string): Promise<ServerConfig> {
  try {
    return parseServerConfig(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof ServerConfigError) throw new UsageError(`${file}: ${error.message}`);
    throw new UsageError(`cannot read the configuration ${file}: ${messageOf(error)}`);
  }
}

function wantedOf(
  config: ServerConfig,
  file: string,
  options: SourceOptions,
): readonly WantedVersion[] {
  try {
    const wanted = wantedVersions(config, options);
    if (wanted.length > 0) return wanted;
  } catch (error) {
    if (!(error instanceof SourceUriError)) throw error;
    throw new UsageError(`${file}: ${error.message}`);
  }
  throw new UsageError(
    `${file}: models: expected the versions to fetch, received none; list each with its uri and sha256`,
  );
}

/** As the first process of a container, Node.js ends on a signal only if somebody listens. */
function stopOnSignals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const names = ['SIGTERM', 'SIGINT'] as const;
  const stop = (name: string): void => {
    controller.abort(new FetchError(`stopped by ${name}`, false));
  };
  for (const name of names) process.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
