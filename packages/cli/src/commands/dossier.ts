import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { dossier, type DossierProgram } from '@manara/constructs';
import { Command } from 'commander';
import { CliError, messageOf } from '../cli-error';
import { dossierHtml } from '../dossier/html';
import { dossierMarkdown } from '../dossier/markdown';
import { readLateValues, warnOfUnused } from '../late-values';
import { isPulumiProgram } from '../pulumi-program';
import { readTrees, type Trees } from '../read-trees';
import { shownPath } from '../shown-path';
import { type OutputFile, writeFiles } from '../synth/write-files';
import type { Terminal } from '../terminal';

/** `manara dossier`: architecture, flows, controls and runbooks as a document. */
export function dossierCommand(terminal: Terminal): Command {
  return new Command('dossier')
    .summary('write building blocks, data flows, controls and runbooks as a document')
    .description(
      'Write a document on what the program describes, as Markdown and as one page of HTML: building ' +
        'blocks, data flows with their verdicts, controls with their evidence and what is not controlled, ' +
        'gates, and runbooks with the names and commands of this stack. Flows that break a rule of ' +
        'residency stand in it, marked.',
    )
    .argument(
      '[DIR]',
      'folder with a Pulumi.yaml, or with the main.ts or main.js that exports "app"',
      '.',
    )
    .option('-o, --output <folder>', 'where to write, relative to the working directory', 'dossier')
    .option('--stack <name>', 'stack whose Pulumi.<name>.yaml configures a program of Pulumi')
    .option('--values <file>', 'late values by name, as JSON or YAML')
    .addHelpText('after', examples)
    .action(async (folder: string, { output, stack, values: file }: DossierCommandOptions) => {
      const values = file === undefined ? {} : readLateValues(file);
      terminal.progress(`reading ${folder}`);
      const trees = await readTrees(folder, stack);
      if (file !== undefined) warnOfUnused(terminal, file, values);
      const document = described(trees, programOf(folder, trees, stack), values);
      const target = resolve(output);
      const files: readonly OutputFile[] = [
        { path: 'dossier.md', text: dossierMarkdown(document) },
        { path: 'dossier.html', text: dossierHtml(document) },
      ];
      // Remembered apart from what synth writes: in a folder of both, each keeps the other's.
      await writeFiles(target, join(resolve(folder), 'dossier'), files);
      for (const { path } of files) terminal.print(join(shownPath(target), path));
    });
}

interface DossierCommandOptions {
  readonly output: string;
  readonly stack?: string;
  readonly values?: string;
}

const examples = `
Examples:
  manara dossier                                of this folder's main.ts, to dossier/
  manara dossier examples/uae-bank -o evidence  of another folder's, to evidence/
  manara dossier --values outputs.json          with addresses known only after deployment
  manara dossier --stack production             of a program of Pulumi, clouds included

Exit codes: 0 written, residency violations included; 1 refused or failed (nothing is written then),
2 wrong command line.
`;

function described(
  { file, roots }: Trees,
  program: DossierProgram,
  values: Readonly<Record<string, string>>,
): ReturnType<typeof dossier> {
  try {
    return dossier(roots, { program, values });
  } catch (error) {
    throw new CliError(`${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** Where the page on policy packs puts one: beside the program. */
const policyPack = 'policy';

/** What people type to run the program, as it was typed here. */
function programOf(folder: string, { file }: Trees, stack: string | undefined): DossierProgram {
  const tsconfig = join(dirname(file), 'tsconfig.json');
  const isTyped = extname(file) === '.ts' && existsSync(tsconfig);
  return {
    folder,
    isPulumi: isPulumiProgram(folder),
    ...(stack === undefined ? {} : { stack }),
    ...(existsSync(join(folder, policyPack, 'PulumiPolicy.yaml')) ? { policyPack } : {}),
    ...(isTyped ? { tsconfig: shownPath(resolve(tsconfig)) } : {}),
  };
}
