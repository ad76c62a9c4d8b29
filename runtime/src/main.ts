#!/usr/bin/env node
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { drainTimes, exitCodes, fetchCommand, ServerConfigError } from '@manara/contract';
import { CommanderError } from 'commander';
import { parseCommandLine, UsageError } from './cli';
import type { ServerOptions } from './options';
import { startServer } from './server';
import { RepositoryMissingError, StartError } from './start-error';

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === fetchCommand) {
    // Loaded only in this mode: serving needs none of the clients that fetching does.
    const { runFetch } = await import('./fetch/command.js');
    return runFetch(argv.slice(1));
  }
  let options: ServerOptions;
  try {
    options = parseCommandLine(argv, process.env);
  } catch (error) {
    return refuse(error);
  }
  return serve(options);
}

function refuse(error: unknown): number {
  // commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof UsageError) && !(error instanceof ServerConfigError)) throw error;
  process.stderr.write(`manara-server: ${error.message}\n`);
  return exitCodes.usage;
}

async function serve(options: ServerOptions): Promise<number> {
  // Whatever it has to say, our own log and messages say with more of the context.
  setLogVerbosity(logVerbosity.NONE);
  const stopAsked = nextSignal();
  const starting = startServer(options);
  try {
    const server = await starting;
    await stopAsked;
    void nextSignal().then(() => {
      server.hasten();
    });
    const answered = await server.drain();
    return answered ? exitCodes.ok : exitCodes.failure;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`manara-server: ${error.message}\n`);
    return error instanceof RepositoryMissingError ? exitCodes.usage : exitCodes.failure;
  }
}

/** Resolves at the next SIGTERM or SIGINT. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    // Nothing is left to do, unless a run never comes back: process.exit would abort inside it.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), drainTimes.exitMillis).unref();
  },
  (error: unknown) => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`manara-server: ${detail}\n`);
    process.exitCode = exitCodes.failure;
  },
);
