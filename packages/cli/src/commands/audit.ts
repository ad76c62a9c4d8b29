import { auditTree } from '@manara/constructs';
import { auditNotes, auditToJson } from '@manara/residency';
import { Command } from 'commander';
import { formatAudit } from '../audit-report';
import { CliError } from '../cli-error';
import { readLateValues, warnOfUnused } from '../late-values';
import { readTrees } from '../read-trees';
import type { Terminal } from '../terminal';
import { countViolations } from '../violations';

/** `manara audit`: the residency verdict. */
export function auditCommand(terminal: Terminal): Command {
  return new Command('audit')
    .summary('show every data flow and whether the rules allow it')
    .description(
      'Show every data flow of every zone and what the residency rules say of it. ' +
        'Exits with 1 where a rule is broken. In a folder with a Pulumi.yaml it runs the program ' +
        "under Pulumi's mocks, components of clouds included.",
    )
    .argument(
      '[DIR]',
      'folder with a Pulumi.yaml, or with the main.ts or main.js that exports "app"',
      '.',
    )
    .option('--stack <name>', 'stack whose Pulumi.<name>.yaml configures a program of Pulumi')
    .option('--values <file>', 'late values by name, as JSON or YAML')
    .option('--json', 'write a JSON array with one audit a zone, for machines')
    .addHelpText('after', examples)
    .action(async (folder: string, { json, stack, values: file }: AuditCommandOptions) => {
      const values = file === undefined ? {} : readLateValues(file);
      terminal.progress(`reading ${folder}`);
      const program = await readTrees(folder, stack);
      if (file !== undefined) warnOfUnused(terminal, file, values);
      const audits = program.roots.flatMap((root) => auditTree(root, values));
      // Nothing checked is not the same as nothing wrong.
      if (audits.length === 0) {
        throw new CliError(
          `${program.file}: the tree holds no ResidencyZone, so nothing was audited`,
        );
      }
      terminal.print(
        json === true
          ? JSON.stringify(audits.map(auditToJson), null, 2)
          : [
              ...audits.map((audit) => formatAudit(audit, terminal.colors)),
              ...auditNotes.map((note) => terminal.colors.dim(note)),
            ].join('\n\n'),
      );
      const violations = audits.flatMap((audit) => audit.violations);
      if (violations.length > 0)
        throw new CliError(`${program.file}: ${countViolations(violations)}`);
    });
}

interface AuditCommandOptions {
  readonly stack?: string;
  readonly json?: true;
  readonly values?: string;
}

const examples = `
Examples:
  manara audit                                  of this folder's main.ts
  manara audit examples/uae-bank                of another folder's
  manara audit --values stack-outputs.json      with addresses known only after deployment
  manara audit --json > evidence.json           for a pipeline, or an auditor
  manara audit --stack production               of a program of Pulumi, with that stack's configuration

Exit codes: 0 no rule is broken, 1 a rule is broken or there is no zone, 2 wrong command line.
`;
