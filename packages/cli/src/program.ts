import { exitCodes } from '@manara/contract';
import { Command, CommanderError } from 'commander';
import { CliError, messageOf } from './cli-error';
import { auditCommand } from './commands/audit';
import { contractCommand } from './commands/contract';
import { devCommand } from './commands/dev';
import { dossierCommand } from './commands/dossier';
import { drillCommand } from './commands/drill';
import { initCommand } from './commands/init';
import { planCommand } from './commands/plan';
import { profileCommand } from './commands/profile';
import { optimizeCommand } from './commands/optimize';
import { synthCommand } from './commands/synth';
import type { Terminal } from './terminal';
import { version } from './version';

/**
 * Runs `manara` with the arguments after its name.
 *
 * @returns the exit code: 0, 1 for a failure or a residency violation, 2 for a wrong command line
 */
export async function runCli(
  argv: readonly string[],
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const program = commandLine(terminal, environment);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    // Commander has written its own message, or the help that was asked for.
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    const wantsStack =
      program.opts<{ readonly verbose?: true }>().verbose === true ||
      (environment.MANARA_DEBUG ?? '') !== '';
    terminal.error(wantsStack ? stackOf(error) : messageOf(error));
    if (!wantsStack && !(error instanceof CliError)) {
      terminal.raw('       (--verbose, or MANARA_DEBUG=1, shows where)\n');
    }
    return error instanceof CliError ? error.exitCode : exitCodes.failure;
  }
}

function commandLine(terminal: Terminal, environment: NodeJS.ProcessEnv): Command {
  const program = new Command('manara')
    .description('Model serving inside a legal boundary.')
    .version(version, '-V, --version')
    .option('--verbose', 'show the stack of an error (also: MANARA_DEBUG=1)')
    .addHelpText('after', examples);
  for (const command of [
    initCommand(terminal),
    synthCommand(terminal),
    auditCommand(terminal),
    contractCommand(terminal),
    planCommand(terminal),
    dossierCommand(terminal),
    devCommand(terminal),
    drillCommand(terminal),
    profileCommand(terminal, environment),
    optimizeCommand(terminal, environment),
  ]) {
    program.addCommand(command);
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError(
        `(manara ${command === program ? '' : `${command.name()} `}--help shows what is allowed)`,
      )
      .allowExcessArguments(false)
      .configureOutput({
        writeOut: (text) => {
          terminal.rawResult(text);
        },
        writeErr: (text) => {
          terminal.raw(text);
        },
      });
  }
  return program;
}

const examples = `
Examples:
  manara init shop && cd shop && npm install    a starter project
  manara synth                                  its Kubernetes YAML
  manara audit                                  its residency verdict
  manara contract                               what its callers program against
  manara plan                                   its replicas, and why
  manara dossier                                what people read of it: controls, runbooks
  manara dev                                    its endpoints, on this machine
  manara drill --site ID=URL …                  whether its sites can stand in for each other
  manara optimize MODEL --sample FILE           a faster version of a model

Results go to standard output; progress, warnings and errors to standard error. NO_COLOR turns
colours off.

Exit codes: 0 done, 1 failed or refused, 2 wrong command line.
`;

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
