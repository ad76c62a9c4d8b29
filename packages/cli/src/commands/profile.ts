import { existsSync, writeFileSync } from 'node:fs';
import { parseProfile, type Profile, type ProfilePoint } from '@manara/contract';
import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../cli-error';
import { durationSeconds } from '../drill/option-values';
import { Connection } from '../profile/connection';
import {
  type CredentialOptions,
  credentialVariables,
  type Credentials,
  readCredentials,
} from '../profile/credentials';
import { isThisMachine, nodeFacts } from '../profile/node-facts';
import { ProfiledServer } from '../profile/profiled-server';
import { serveFile } from '../profile/served-file';
import { sweep, type SweepPlan } from '../profile/sweep';
import type { Terminal } from '../terminal';

/** `manara profile`: how fast a model is by batch and concurrency, for the planner. */
export function profileCommand(terminal: Terminal, environment: NodeJS.ProcessEnv): Command {
  return new Command('profile')
    .summary('measure a model by batch size and concurrency')
    .description(
      'Measure how fast a model answers, by rows in a request and requests at once, at a running server ' +
        'or from its file on this machine, and write the profile that the planner reads.',
    )
    .argument('<TARGET>', 'address of a running server, or an ONNX file')
    .option('--model <name>', 'model to measure (default: the only one that is served)')
    .option('--batches <sizes>', 'rows of a request', sizes, [1, 2, 4, 8, 16, 32])
    .option('--concurrency <counts>', 'requests at once', sizes, [1, 2, 4, 8])
    .option('--open-size <size>', 'size of dimensions that vary besides the first', size, 1)
    .addOption(
      new Option('--time <duration>', 'of the whole sweep, such as 90s')
        .argParser(durationSeconds)
        .default(60, '60s'),
    )
    .option(
      '--api-key-file <file>',
      `API key that the server knows (default: ${credentialVariables.apiKey} of the environment)`,
    )
    .option(
      '--token-file <file>',
      `token, in place of a key (default: ${credentialVariables.token} of the environment)`,
    )
    .option('--ca <file>', "authorities of the server's certificate, PEM (default: the usual ones)")
    .option('--cert <file>', 'certificate to show the server, PEM')
    .option('--key <file>', 'private key of --cert, PEM')
    .option('--out <file>', 'file to write (default: standard output)')
    .addHelpText('after', examples)
    .action(async (target: string, options: ProfileOptions) => {
      const profile = await measure(terminal, target, options, environment);
      const text = JSON.stringify(profile, null, 2);
      if (options.out === undefined) terminal.print(text);
      else writeFileSync(options.out, `${text}\n`);
    });
}

interface ProfileOptions extends CredentialOptions {
  readonly model?: string;
  readonly batches: readonly number[];
  readonly concurrency: readonly number[];
  readonly openSize: number;
  readonly time: number;
  readonly out?: string;
}

const examples = `
Examples:
  manara profile models/fraud/2/model.onnx --out fraud.profile.json
  manara profile http://127.0.0.1:8000 --model fraud --batches 1,8 --concurrency 1,4 --time 20s

  manara profile https://ml.bank.example --model fraud --api-key-file ~/.manara-key --ca ca.crt

Only send such load to a server that serves nobody else.
`;

async function measure(
  terminal: Terminal,
  target: string,
  options: ProfileOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Profile> {
  if (!options.batches.includes(1) || !options.concurrency.includes(1)) {
    throw new UsageError(
      'the service time is that of one row alone: give 1 among --batches and --concurrency',
    );
  }
  const url = addressOf(target);
  if (url !== undefined) {
    return measureAt(terminal, url, options, readCredentials(options, environment));
  }
  terminal.progress(`serving ${target}`);
  const served = await serveFile(target, () => undefined);
  try {
    const profile = await measureAt(
      terminal,
      served.url,
      { ...options, model: served.model },
      nothingToShow,
    );
    return { ...profile, coldStartSeconds: served.coldStartSeconds };
  } finally {
    await served.stop();
  }
}

/** To a server of our own, which asks nobody. */
const nothingToShow: Credentials = { headers: {}, tls: {} };

async function measureAt(
  terminal: Terminal,
  url: URL,
  options: ProfileOptions,
  credentials: Credentials,
): Promise<Profile> {
  const connection = new Connection(url, credentials);
  try {
    return await measureOver(terminal, connection, options);
  } finally {
    connection.close();
  }
}

async function measureOver(
  terminal: Terminal,
  connection: Connection,
  options: ProfileOptions,
): Promise<Profile> {
  const { batches, concurrency: concurrencies, openSize, time: seconds } = options;
  const server = await ProfiledServer.at(connection, options.model);
  const plan: SweepPlan = { batches, concurrencies, seconds, openSize };
  const points = await sweep(server, plan, (point) => {
    terminal.progress(shown(point));
  });
  const alone = points.find(({ batch, concurrency }) => batch === 1 && concurrency === 1);
  return parseProfile({
    profile: 1,
    model: server.model,
    version: server.version,
    measuredAt: new Date().toISOString(),
    server: server.server,
    ...(isThisMachine(connection.base) ? { node: nodeFacts() } : {}),
    serviceTimeMillis: alone?.runMillis,
    points: [...points],
  });
}

function addressOf(target: string): URL | undefined {
  if (/^https?:\/\//.test(target)) return new URL(target);
  if (/^[^\s/]+:\d+(\/|$)/.test(target) && !existsSync(target)) {
    throw new UsageError(
      `"${target}" is no file; an address begins with http://: http://${target}`,
    );
  }
  return undefined;
}

function shown({ batch, concurrency, rowsPerSecond, p50Millis, p99Millis }: ProfilePoint): string {
  const rate = rowsPerSecond.toFixed(0);
  return `${batch} rows, ${concurrency} at once: ${rate} rows/s, p50 ${p50Millis.toFixed(2)} ms, p99 ${p99Millis.toFixed(2)} ms`;
}

/** @throws InvalidArgumentError for anything but 1 to 4096 */
function size(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 4096) return value;
  throw new InvalidArgumentError('Expected a number, 1 to 4096.');
}

/** @throws InvalidArgumentError for anything but such numbers with commas between them */
function sizes(text: string): readonly number[] {
  return [...new Set(text.split(',').map(size))];
}
