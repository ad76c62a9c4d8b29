#!/usr/bin/env node
import {
  drainTimes,
  exitCodes,
  fetchCommand,
  newKeyCommand,
  remediateCommand,
  secondsToStop,
  ServerConfigError,
} from '@manara/contract';
import { CommanderError } from 'commander';
import { parseCommandLine, UsageError } from './cli';
import { resolveOptions, type ServerOptions } from './options';
import { ConfigurationError, StartError } from './start-error';
import { listeningMessage, supervise, supervisedVariable } from './supervisor';
import { ServerLog } from './telemetry/logger';
import { detailOf } from './thrown';

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === fetchCommand) {
    // Loaded only in this mode: serving needs none of the clients that fetching does.
    const { runFetch } = await import('./fetch/command.js');
    return runFetch(argv.slice(1));
  }
  if (argv[0] === newKeyCommand) {
    const { runNewKey } = await import('./access/new-key.js');
    return runNewKey(argv.slice(1));
  }
  if (argv[0] === remediateCommand) {
    const { runRemediate } = await import('./remediate/command.js');
    return runRemediate(argv.slice(1));
  }
  let options: ServerOptions;
  try {
    options = parseCommandLine(argv, process.env);
  } catch (error) {
    return refuse(error);
  }
  if (options.supervise === true && !isSupervised()) {
    return watch(options);
  }
  return serve(options);
}

/** Watches over a server in another process, and ends as it does. */
async function watch({ logLevel }: ServerOptions): Promise<number> {
  const script = process.argv.slice(1);
  const { code, signal } = await supervise(script, new ServerLog(logLevel ?? 'info'));
  if (signal !== null) process.kill(process.pid, signal);
  return code ?? exitCodes.failure;
}

/** Whether another process of this program watches over this one. */
function isSupervised(): boolean {
  return process.env[supervisedVariable] !== undefined;
}

function refuse(error: unknown): number {
  // commander has printed its own message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof UsageError) && !(error instanceof ServerConfigError)) throw error;
  process.stderr.write(`manara-server: ${error.message}\n`);
  return exitCodes.usage;
}

async function serve(options: ServerOptions): Promise<number> {
  // Loaded only by the process that serves: the one that watches over it stays small.
  const { logVerbosity, setLogVerbosity } = await import('@grpc/grpc-js');
  const { startServer } = await import('./server.js');
  // Whatever it has to say, our own log and messages say with more of the context.
  setLogVerbosity(logVerbosity.NONE);
  const { drainDelaySeconds, drainTimeoutSeconds } = resolveOptions(options);
  const stop = new AbortController();
  const stopAsked = nextSignal().then(() => {
    killAfter(secondsToStop(drainDelaySeconds, drainTimeoutSeconds));
    stop.abort();
  });
  try {
    const server = await startServer(options, { stop: stop.signal, onStuck });
    if (isSupervised()) process.send?.(listeningMessage);
    await stopAsked;
    void nextSignal().then(() => {
      killAfter(secondsToStop(0, 0));
      server.hasten();
    });
    const answered = await server.drain();
    return answered ? exitCodes.ok : exitCodes.failure;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`manara-server: ${error.message}\n`);
    return error instanceof ConfigurationError ? exitCodes.usage : exitCodes.failure;
  }
}

/** Only a new process has threads that are not stuck; whoever watches over this one starts it. */
function onStuck(): void {
  // The time that it takes to write the log.
  killAfter(0.1);
}

/** Resolves at the next signal that asks for an end; SIGHUP is what a closed terminal sends. */
function nextSignal(): Promise<void> {
  const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const name of names) process.off(name, stop);
      resolve();
    };
    for (const name of names) process.on(name, stop);
    // Whoever watched over this process is gone, and nobody would ask it to stop any more.
    if (isSupervised()) process.once('disconnect', stop);
  });
}

let killTimer: NodeJS.Timeout | undefined;

/**
 * Ends this process if it has not ended by then: a run that never comes back keeps it alive, and
 * `process.exit` would abort inside of it. A later call replaces an earlier one.
 */
function killAfter(seconds: number): void {
  clearTimeout(killTimer);
  killTimer = setTimeout(() => process.kill(process.pid, 'SIGKILL'), seconds * 1000).unref();
}

// A message that nobody reads is no reason to end.
process.stderr.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
    // The channel to whoever watches would keep this process.
    if (isSupervised() && process.connected) process.disconnect();
    killAfter(drainTimes.exitMillis / 1000);
  },
  (error: unknown) => {
    process.stderr.write(`manara-server: ${detailOf(error)}\n`);
    process.exitCode = exitCodes.failure;
    killAfter(drainTimes.exitMillis / 1000);
  },
);
