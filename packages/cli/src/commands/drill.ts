import { Command } from 'commander';
import { CliError } from '../cli-error';
import { drillNotes, type DrillReport } from '../drill/drill-report';
import { collect, durationSeconds, requestCount } from '../drill/option-values';
import { formatDrill } from '../drill/report';
import { type DrillOptions, runDrill } from '../drill/run-drill';
import { readTrees } from '../read-trees';
import type { Terminal } from '../terminal';

/** `manara drill`: whether the sites of a stack can stand in for each other, and how fast they do. */
export function drillCommand(terminal: Terminal): Command {
  return new Command('drill')
    .summary('check that sites can stand in for each other, and how fast they do')
    .description(
      'Ask every site of a ServingStack whether it is ready and answers as the others do. With --name, ' +
        '--lose and --restore, take its first site away, measure what callers lose, and bring it back.',
    )
    .argument(
      '[DIR]',
      'folder with a Pulumi.yaml, or with the main.ts or main.js that exports "app"',
      '.',
    )
    .option('--site <target>', 'ID=URL, or ID/ENDPOINT=URL; every site, repeatable', collect)
    .option('--stack <name>', 'stack whose Pulumi.<name>.yaml configures a program of Pulumi')
    .option('--sample <request>', 'MODEL=FILE.json to send to MODEL; repeatable', collect)
    .option('--requests <count>', 'requests made up for each version', requestCount, 5)
    .option('--json', 'write a JSON array with one report a stack, for machines')
    .option('--name <url>', 'address that callers use')
    .option('--lose <command>', 'shell command that takes the first site away')
    .option('--restore <command>', 'shell command that brings it back; always run')
    .option(
      '--wait <duration>',
      'until callers are given up, such as 15m (default: twice recovery.time)',
      durationSeconds,
    )
    .addHelpText('after', examples)
    .action(async (folder: string, options: DrillCommandOptions) => {
      terminal.progress(`reading ${folder}`);
      const trees = await readTrees(folder, options.stack);
      const reports = await runDrill(terminal, trees, options);
      terminal.print(
        options.json === true
          ? JSON.stringify(reports, null, 2)
          : [
              ...reports.map((report) => formatDrill(report, terminal.colors)),
              ...drillNotes.map((note) => terminal.colors.dim(note)),
            ].join('\n\n'),
      );
      const fault = faultOf(reports, options);
      if (fault !== undefined) throw new CliError(`${trees.file}: ${fault}`);
    });
}

interface DrillCommandOptions extends DrillOptions {
  readonly stack?: string;
  readonly json?: true;
}

const examples = `
Examples:
  manara drill --site dubai=http://127.0.0.1:9001 --site north=http://127.0.0.1:9002
  manara drill --site dubai=... --site north=... --json > evidence.json
  manara drill --site dubai=... --site north=... --name https://models.bank.example \\
    --lose 'kubectl --context dubai -n shop scale deployment fraud --replicas 0' \\
    --restore 'kubectl --context dubai -n shop scale deployment fraud --replicas 2'

{endpoint} in an address stands for the endpoint's name: http://{endpoint}.shop.svc:8000.

Exit codes: 0 all of it holds, 1 something does not, or nothing was drilled, 2 wrong command line.
`;

function faultOf(reports: readonly DrillReport[], { lose }: DrillOptions): string | undefined {
  const failed = reports
    .flatMap(({ checks }) => checks)
    .filter((c) => c.verdict === 'failed').length;
  if (failed === 0) return undefined;
  const counted = `${failed} check${failed === 1 ? '' : 's'} failed`;
  const begun = lose === undefined || reports.some(({ exercise }) => exercise !== undefined);
  return begun ? counted : `${counted}, so no site was taken away`;
}
