#!/usr/bin/env node
import { runCli } from './program';
import { Terminal } from './terminal';

// `manara synth | head` closes the pipe early; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

// A terminal that is gone must not end a drill that has a site to bring back.
process.stderr.on('error', () => undefined);

const terminal = new Terminal(process.stdout, process.stderr, process.env);
void runCli(process.argv.slice(2), terminal, process.env).then((code) => {
  process.exitCode = code;
});
