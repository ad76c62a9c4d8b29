import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadProgram, onStopAsked, Terminal } from '@manara/cli';
import { askStep, auditStep, keepStep, refuseStep, serveStep, synthesizeStep } from './steps';

/** How a shell reports that a signal ended a command that did not finish. */
const interrupted = 130;

/**
 * Shows the whole way on one machine: synthesize, audit, refuse, serve, ask, stop.
 *
 * @param argv `--keep` leaves the endpoints serving until Ctrl-C
 * @returns the exit code: 0, 1 where a step failed or an answer was wrong, 2 for a wrong argument
 */
export async function demo(argv: readonly string[]): Promise<number> {
  const keep = wantsToKeep(argv);
  if (keep === undefined) return 2;
  const terminal = new Terminal(process.stdout, process.stderr, process.env);
  const log: string[] = [];
  const work = await mkdtemp(join(tmpdir(), 'manara-demo-'));
  const stopping = new AbortController();
  const endListening = onStopAsked(() => {
    stopping.abort();
  });
  try {
    await run(terminal, { keep, work, log, signal: stopping.signal });
    return 0;
  } catch (error) {
    if (stopping.signal.aborted) return interrupted;
    terminal.error(error instanceof Error ? error.message : String(error));
    for (const line of log.slice(-10)) terminal.raw(`  ${line}\n`);
    return 1;
  } finally {
    endListening();
    await rm(work, { recursive: true, force: true });
  }
}

function wantsToKeep(argv: readonly string[]): boolean | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: { keep: { type: 'boolean' } } });
    return values.keep === true;
  } catch {
    process.stderr.write(`usage: npm run demo [-- --keep]; received ${argv.join(' ')}\n`);
    return undefined;
  }
}

interface Run {
  readonly keep: boolean;
  /** Folder for links to the weights. */
  readonly work: string;
  /** The server's log; shown where something fails. */
  readonly log: string[];
  readonly signal: AbortSignal;
}

async function run(terminal: Terminal, { keep, work, log, signal }: Run): Promise<void> {
  const program = loadProgram(dirname(require.resolve('@manara/example-uae-bank/package.json')));
  await synthesizeStep(terminal, program);
  auditStep(terminal, program);
  refuseStep(terminal);
  const onLog = (line: string): void => void log.push(line);
  const server = await serveStep(terminal, program, { workFolder: work, onLog }, signal);
  try {
    await askStep(terminal, server);
    if (keep) await keepStep(terminal, server, signal);
  } finally {
    await server.stop();
  }
  const code = await server.exit;
  if (code !== 0) throw new Error(`the server ended with code ${code}`);
  terminal.print();
  terminal.print(
    terminal.colors.green('Done: every answer was right, and the server has stopped.'),
  );
}
