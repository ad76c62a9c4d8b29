import { auditTree } from '@manara/constructs';
import { auditToJson } from '@manara/residency';
import { Command } from 'commander';
import { formatAudit } from '../audit-report';
import { CliError } from '../cli-error';
import { loadProgram } from '../load-program';
import type { Terminal } from '../terminal';
import { countViolations } from '../violations';

/** `manara audit`: the residency verdict. */
export function auditCommand(terminal: Terminal): Command {
  return new Command('audit')
    .summary('show every data flow and whether the rules allow it')
    .description(
      'Show every data flow of every zone and what the residency rules say of it. ' +
        'Exits with 1 where a rule is broken.',
    )
    .argument('[DIR]', 'folder with the main.ts or main.js that exports "app"', '.')
    .option('--json', 'write a JSON array with one audit a zone, for machines')
    .addHelpText('after', examples)
    .action((folder: string, { json }: { readonly json?: true }) => {
      terminal.progress(`reading ${folder}`);
      const { app, file } = loadProgram(folder);
      const audits = auditTree(app);
      // Nothing checked is not the same as nothing wrong.
      if (audits.length === 0) {
        throw new CliError(`${file}: the tree holds no ResidencyZone, so nothing was audited`);
      }
      terminal.print(
        json === true
          ? JSON.stringify(audits.map(auditToJson), null, 2)
          : audits.map((audit) => formatAudit(audit, terminal.colors)).join('\n\n'),
      );
      const violations = audits.flatMap((audit) => audit.violations);
      if (violations.length > 0) throw new CliError(`${file}: ${countViolations(violations)}`);
    });
}

const examples = `
Examples:
  manara audit                                  of this folder's main.ts
  manara audit examples/uae-bank                of another folder's
  manara audit --json > evidence.json           for a pipeline, or an auditor
`;
