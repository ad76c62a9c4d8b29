import { join, relative } from 'node:path';
import {
  type DevServer,
  formatTable,
  type Program,
  serveProgram,
  type ServeOptions,
  synthesize,
  type Terminal,
} from '@manara/cli';
import { auditTree } from '@manara/constructs';
import { formatViolation } from '@manara/residency';
import { askAll } from './ask';
import { refusedBank, violations } from './refused-bank';
import { tryLines } from './try-lines';

/** Writes the tree as YAML to `dist` beside the program, where `manara synth` would be asked to. */
export async function synthesizeStep(terminal: Terminal, program: Program): Promise<void> {
  heading(
    terminal,
    1,
    'Synthesize',
    'a bank in two clouds inside the UAE, described in TypeScript',
  );
  const { output, folders, files } = await synthesize(program, {
    output: join(program.folder, 'dist'),
  });
  const objects = files.reduce((sum, file) => sum + file.documents, 0);
  terminal.print(`   ${program.file} → ${objects} Kubernetes objects as YAML in`);
  for (const folder of folders)
    terminal.print(`   ${relative(process.cwd(), join(output, folder))}/`);
}

/** @throws Error with the first violation, where there is one */
export function auditStep(terminal: Terminal, program: Program): void {
  heading(terminal, 2, 'Audit', 'may the data go where it goes?');
  const { green, dim } = terminal.colors;
  for (const { zone, flows, violations: found } of auditTree(program.app)) {
    if (found[0] !== undefined) throw new Error(formatViolation(found[0]));
    const kinds = [...new Set(flows.map((flow) => flow.kind))].join(', ');
    const places = zone.places.join(' and ');
    terminal.print(
      `   ${green('compliant')}: none of ${flows.length} data flows leaves ${places} (${zone.jurisdiction.id})`,
    );
    terminal.print(
      `   ${dim(`${kinds}; "manara audit ${relative(process.cwd(), program.folder)}" lists them`)}`,
    );
  }
}

/** @throws Error where the check lets the data out */
export function refuseStep(terminal: Terminal): void {
  heading(terminal, 3, 'Refuse', 'the same bank, but its logs go to Datadog in Germany');
  const { dim, red } = terminal.colors;
  const [first, ...others] = violations(refusedBank());
  terminal.print(`   ${dim('The compiler refuses it first. Past the compiler, by a cast:')}`);
  for (const line of formatViolation(first).split('\n')) terminal.print(`   ${red(line)}`);
  const rules = [...new Set(others.map(({ rule }) => rule.id))].filter(
    (id) => id !== first.rule.id,
  );
  if (rules.length > 0) terminal.print(`   ${dim(`broken as well: ${rules.join(', ')}`)}`);
}

/** Serves the tree's endpoints on free ports of this machine. */
export async function serveStep(
  terminal: Terminal,
  program: Program,
  options: Pick<ServeOptions, 'workFolder' | 'onLog'>,
  signal: AbortSignal,
): Promise<DevServer> {
  heading(terminal, 4, 'Serve', 'its endpoints on this machine, as its pods are configured');
  const begun = performance.now();
  const ports = { httpPort: 0, grpcPort: 0, metricsPort: 0 };
  const server = await serveProgram(program, { ...options, ports }, signal);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  terminal.print(`   REST http://${server.addresses.http}, gRPC ${server.addresses.grpc}`);
  const done = `digests checked, models probed and loaded in ${seconds} s`;
  terminal.print(`   ${terminal.colors.dim(done)}`);
  return server;
}

/** @throws Error for the first answer that is wrong */
export async function askStep(terminal: Terminal, server: DevServer): Promise<void> {
  heading(terminal, 5, 'Ask', 'real inputs; every answer is compared with the known one');
  const rows = (await askAll(server)).map((row) => [
    row.endpoint,
    String(row.version),
    row.protocol,
    `${row.latencyMillis.toFixed(1)} ms`.padStart('000.0 ms'.length),
    `${terminal.colors.green('✓')} ${row.answer}`,
  ]);
  const head = ['endpoint', 'version', 'protocol', 'latency', 'answer'];
  for (const line of formatTable(head, rows)) terminal.print(`   ${line}`);
}

/** Leaves the server on until somebody, or something, stops it. */
export async function keepStep(
  terminal: Terminal,
  server: DevServer,
  signal: AbortSignal,
): Promise<void> {
  heading(terminal, 6, 'Try', 'the endpoints keep serving until Ctrl-C');
  for (const line of tryLines(server)) terminal.print(`\n${line}`);
  const code = await server.exit;
  if (!signal.aborted) throw new Error(`the server ended by itself with code ${code}`);
}

function heading(terminal: Terminal, number: number, name: string, what: string): void {
  const { bold, cyan } = terminal.colors;
  terminal.print();
  terminal.print(`${cyan(String(number))}  ${bold(name)}: ${what}`);
}
