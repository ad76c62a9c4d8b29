import { readFileSync } from 'node:fs';
import {
  environment,
  fetchCommand,
  flags,
  newKeyCommand,
  parseServerConfig,
  ports,
  type ServerConfig,
} from '@manara/contract';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type GrpcParser, grpcParsers } from './grpc/parser';
import { type HttpParser, httpParsers } from './http/parser';
import type { ServerOptions } from './options';
import { type ControlMode, controlModes } from './repository/control';
import type { LogLevel } from './telemetry/logger';
import { serverVersion } from './version';

/** The command line or the configuration is wrong; the message says how to put it right. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

interface Flags {
  readonly config?: string;
  readonly modelRepository?: readonly string[];
  readonly modelStore?: readonly string[];
  readonly modelControlMode?: ControlMode;
  readonly loadModel?: readonly string[];
  readonly repositoryPollSecs?: number;
  readonly httpPort?: number;
  readonly grpcPort?: number;
  readonly metricsPort?: number;
  readonly httpAddress?: string;
  readonly grpcAddress?: string;
  readonly metricsAddress?: string;
  readonly allowHttp?: boolean;
  readonly allowGrpc?: boolean;
  readonly allowMetrics?: boolean;
  readonly strictReadiness?: boolean;
  readonly allowAnonymous?: boolean;
  readonly exitOnError?: boolean;
  readonly supervise?: boolean;
  readonly graphFolder?: string;
  readonly exitTimeoutSecs?: number;
  readonly httpParser?: HttpParser;
  readonly grpcParser?: GrpcParser;
  readonly logLevel?: LogLevel;
  readonly logVerbose?: number;
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** The command, its flags spelled as Triton spells them. */
export function createCommand(): Command {
  const port = integer(0, 65535);
  return new Command('manara-server')
    .description('Serves ONNX models over the Open Inference Protocol v2, REST and gRPC.')
    .version(serverVersion)
    .option(`${flags.modelRepository} <dir>`, "folder in Triton's layout; repeatable", collect)
    .option('--model-store <dir>', 'the same as --model-repository', collect)
    .option(`${flags.config} <file>`, `configuration file, JSON (also ${environment.config})`)
    .option('--http-port <port>', `REST port, 0 for any (default: ${ports.http})`, port)
    .option('--grpc-port <port>', `gRPC port, 0 for any (default: ${ports.grpc})`, port)
    .option('--metrics-port <port>', `metrics port, 0 for any (default: ${ports.metrics})`, port)
    .option('--http-address <host>', 'address of REST (default: 127.0.0.1)')
    .option('--grpc-address <host>', 'address of gRPC (default: 127.0.0.1)')
    .option('--metrics-address <host>', 'address of metrics (default: 127.0.0.1)')
    .option('--allow-http <bool>', 'whether REST is served (default: true)', boolean)
    .option('--allow-grpc <bool>', 'whether gRPC is served (default: true)', boolean)
    .option('--allow-metrics <bool>', 'whether metrics are served (default: true)', boolean)
    .addOption(
      new Option('--model-control-mode <mode>', 'who decides which models are loaded').choices(
        controlModes,
      ),
    )
    .option('--load-model <name>', 'model to load at start, * for all; repeatable', collect)
    .option(
      '--repository-poll-secs <n>',
      'seconds between looks at the repository (default: 15)',
      integer(1, 86400),
    )
    .option(
      '--strict-readiness <bool>',
      'whether readiness waits for every model (default: true)',
      boolean,
    )
    .option(
      '--allow-anonymous [bool]',
      'whether other machines may use a server that asks nobody who they are (default: false)',
      boolean,
    )
    .option(
      '--exit-on-error <bool>',
      'whether a model that fails at start ends the server (default: false)',
      boolean,
    )
    .option(
      '--supervise <bool>',
      'whether a second process starts the server again when native code ends it (default: false)',
      boolean,
    )
    .option('--graph-folder <dir>', 'folder that keeps optimized graphs for later starts')
    .option(
      '--exit-timeout-secs <n>',
      'seconds that requests are given to finish',
      integer(1, 3600),
    )
    .addOption(
      new Option(
        '--http-parser <parser>',
        'who reads REST: our own parser what is plain, or node:http all (default: own)',
      ).choices(httpParsers),
    )
    .addOption(
      new Option(
        '--grpc-parser <parser>',
        'who answers gRPC: our own code what is plain, or grpc-js all (default: own)',
      ).choices(grpcParsers),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        `least level logged (also ${environment.logLevel})`,
      ).choices(logLevels),
    )
    .option('--log-verbose <n>', '1 and above: --log-level debug', integer(0, 9))
    .addHelpText(
      'after',
      `\n\`manara-server ${fetchCommand} --help\` describes the mode that brings models into a repository;\n\`manara-server ${newKeyCommand} --help\` the one that makes API keys.`,
    )
    .allowExcessArguments(false)
    .exitOverride();
}

/**
 * Options from the command line, the environment and the configuration file, in that order of
 * precedence.
 *
 * @param argv - the arguments, without those of Node.js.
 * @throws CommanderError, ServerConfigError or UsageError.
 */
export function parseCommandLine(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  command = createCommand(),
): ServerOptions {
  const given = command.parse(argv, { from: 'user' }).opts<Flags>();
  const configFile = given.config ?? env[environment.config];
  const config = configFile === undefined ? {} : readConfig(configFile);
  const named = [...(given.modelRepository ?? []), ...(given.modelStore ?? [])];
  const { host, httpPort, grpcPort, metricsPort, modelRepository: fromFile, ...rest } = config;
  const modelRepositories = named.length > 0 || fromFile === undefined ? named : [fromFile];
  if (modelRepositories.length === 0) {
    throw new UsageError(
      'no model repository: pass --model-repository DIR, or set modelRepository in the configuration file',
    );
  }
  const controlMode = given.modelControlMode ?? 'none';
  if (given.loadModel !== undefined && controlMode !== 'explicit') {
    throw new UsageError(
      `--load-model needs --model-control-mode explicit, received ${controlMode}`,
    );
  }
  const endpoints = {
    http: endpoint(given.allowHttp, given.httpAddress ?? host, given.httpPort ?? httpPort),
    grpc: endpoint(given.allowGrpc, given.grpcAddress ?? host, given.grpcPort ?? grpcPort),
    metrics: endpoint(
      given.allowMetrics,
      given.metricsAddress ?? host,
      given.metricsPort ?? metricsPort,
    ),
  };
  return {
    ...rest,
    ...defined({
      loadModels: given.loadModel,
      pollSeconds: given.repositoryPollSecs,
      strictReadiness: given.strictReadiness,
      exitOnError: given.exitOnError,
      supervise: given.supervise,
      graphs:
        given.graphFolder === undefined
          ? undefined
          : { ...config.graphs, folder: given.graphFolder },
      allowAnonymous: given.allowAnonymous,
      drainTimeoutSeconds: given.exitTimeoutSecs,
      httpParser: given.httpParser,
      grpcParser: given.grpcParser,
      logLevel: logLevel(given, env),
      configFile,
    }),
    ...endpoints,
    modelRepositories,
    controlMode,
  };
}

function endpoint(
  allowed = true,
  host: string | undefined,
  port: number | undefined,
): ServerOptions['http'] {
  return allowed ? defined({ host, port }) : null;
}

/** Leaves out what is `undefined`, so that it does not hide what a spread before it set. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function logLevel(
  given: Flags,
  env: Readonly<Record<string, string | undefined>>,
): LogLevel | undefined {
  if (given.logLevel !== undefined) return given.logLevel;
  if ((given.logVerbose ?? 0) > 0) return 'debug';
  const text = env[environment.logLevel];
  if (text === undefined || text === '') return undefined;
  const level = logLevels.find((one) => one === text);
  if (level !== undefined) return level;
  throw new UsageError(
    `${environment.logLevel}: expected one of ${logLevels.join(', ')}, received "${text}"`,
  );
}

function readConfig(file: string): ServerConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(`the configuration file ${file} cannot be read: ${reason}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the configuration file ${file} is not JSON: ${reason}`);
  }
  return parseServerConfig(value);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function boolean(text: string): boolean {
  if (['true', '1', 'on'].includes(text.toLowerCase())) return true;
  if (['false', '0', 'off'].includes(text.toLowerCase())) return false;
  throw new InvalidArgumentError('Expected true or false.');
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected an integer from ${min} to ${max}.`);
  };
}
