import { ports } from '@manara/contract';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../cli-error';
import { curlLine } from '../dev/sample-request';
import { type DevServer, serveProgram } from '../dev/serve-program';
import { ServerEnded } from '../dev/server-ended';
import { onStopAsked } from '../dev/stop-asked';
import { loadProgram, type Program } from '../load-program';
import type { Terminal } from '../terminal';

/** `manara dev`: the tree's endpoints, on this machine. */
export function devCommand(terminal: Terminal): Command {
  return new Command('dev')
    .summary("serve the tree's endpoints on this machine")
    .description(
      "Serve the tree's endpoints on 127.0.0.1 with the configuration that the sites' pods carry, " +
        'until Ctrl-C. Without --site, all that carries the traffic of any site is served together.',
    )
    .argument('[DIR]', 'folder with the main.ts or main.js that exports "app"', '.')
    .option('--site <name>', 'serve what this site serves, standbys included')
    .option('--http-port <port>', 'REST; 0 for any free one', port, ports.http)
    .option('--grpc-port <port>', 'gRPC; 0 for any free one', port, ports.grpc)
    .option('--metrics-port <port>', 'Prometheus; 0 for any free one', port, ports.metrics)
    .addHelpText('after', examples)
    .action(async (folder: string, options: DevCommandOptions) => {
      terminal.progress(`reading ${folder}`);
      await serve(terminal, loadProgram(folder), options);
    });
}

interface DevCommandOptions {
  readonly site?: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly metricsPort: number;
}

const examples = `
Examples:
  manara dev                                    this folder's endpoints, on ports 8000 to 8002
  manara dev examples/uae-bank --site azure-uaenorth
  manara dev --http-port 0 --grpc-port 0 --metrics-port 0

Exit codes: 0 stopped, 1 refused or failed, 2 wrong command line; otherwise the server's own.
`;

function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65535) return value;
  throw new InvalidArgumentError('Expected a port, 0 to 65535.');
}

async function serve(
  terminal: Terminal,
  program: Program,
  { site, ...devPorts }: DevCommandOptions,
): Promise<void> {
  const starting = new AbortController();
  let stop = (): void => {
    starting.abort();
  };
  const endListening = onStopAsked(() => {
    stop();
  });
  try {
    const server = await serveProgram(
      program,
      {
        ports: devPorts,
        ...(site === undefined ? {} : { site }),
        onLog: (line) => {
          terminal.raw(`${line}\n`);
        },
        onProgress: (what) => {
          terminal.progress(what);
        },
      },
      starting.signal,
    );
    stop = () => void server.stop();
    report(terminal, program, server);
    const code = await server.exit;
    if (code !== 0) throw new ServerEnded(code);
    terminal.progress('stopped');
  } catch (error) {
    if (!starting.signal.aborted) throw error;
    throw new CliError('stopped before the server accepted requests', { cause: error });
  } finally {
    endListening();
  }
}

function report(terminal: Terminal, program: Program, { addresses, models }: DevServer): void {
  const { bold, dim, green } = terminal.colors;
  terminal.print(`${green('ready')}  REST     http://${addresses.http}`);
  terminal.print(`       gRPC     ${addresses.grpc}`);
  terminal.print(`       metrics  http://${addresses.metrics}/metrics`);
  for (const { name, versions, defaultVersion } of models) {
    const numbers = versions.map(({ version }) => version).join(', ');
    terminal.print();
    terminal.print(`${bold(name)} ${dim(`versions ${numbers}; default ${defaultVersion}`)}`);
    terminal.print(`  ${curlLine(program.app, addresses.http, name)}`);
  }
  terminal.print();
  terminal.print(dim('Ctrl-C stops it.'));
}
