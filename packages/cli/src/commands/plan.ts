import { planTree } from '@manara/constructs';
import { Command } from 'commander';
import { CliError } from '../cli-error';
import { formatPlans } from '../plan-report';
import { readTrees } from '../read-trees';
import type { Terminal } from '../terminal';

/** `manara plan`: replicas, and why. */
export function planCommand(terminal: Terminal): Command {
  return new Command('plan')
    .summary('show how many replicas each endpoint is planned with, and why')
    .description(
      'Show, for every endpoint on each of its sites, the replicas that its objective and traffic take, ' +
        'what each is held at, the spare ones that carry a surge while others start, and why.',
    )
    .argument(
      '[DIR]',
      'folder with a Pulumi.yaml, or with the main.ts or main.js that exports "app"',
      '.',
    )
    .option('--stack <name>', 'stack whose Pulumi.<name>.yaml configures a program of Pulumi')
    .option('--json', 'write JSON, for machines')
    .addHelpText('after', examples)
    .action(async (folder: string, { json, stack }: PlanCommandOptions) => {
      terminal.progress(`reading ${folder}`);
      const program = await readTrees(folder, stack);
      const plans = program.roots.flatMap((root) => planTree(root));
      if (plans.length === 0) {
        throw new CliError(
          `${program.file}: the tree holds no ModelEndpoint, so nothing is planned`,
        );
      }
      terminal.print(
        json === true
          ? JSON.stringify({ version: 1, plans }, null, 2)
          : formatPlans(plans, terminal.colors),
      );
    });
}

interface PlanCommandOptions {
  readonly stack?: string;
  readonly json?: true;
}

const examples = `
Examples:
  manara plan                       of this folder's main.ts
  manara plan examples/uae-bank     of another folder's
  manara plan --json                for a pipeline: plans, and the demands they were made from

Exit codes: 0 planned, 1 an objective that cannot be met, or no endpoint, 2 wrong command line.
`;
