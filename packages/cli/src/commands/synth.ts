import { join } from 'node:path';
import { Command } from 'commander';
import { readLateValues, warnOfUnused } from '../late-values';
import { loadProgram } from '../load-program';
import { pulumiApp } from '../pulumi-program';
import { shownPath } from '../shown-path';
import { synthesize, type Synthesis } from '../synth/synthesize';
import type { Terminal } from '../terminal';

/** `manara synth`: the tree as Kubernetes YAML. */
export function synthCommand(terminal: Terminal): Command {
  return new Command('synth')
    .summary('write the Kubernetes YAML of every site')
    .description(
      'Write the Kubernetes YAML of every site: one folder a site, one file an endpoint. ' +
        'The tree is validated first, residency included; where it is refused, nothing is written.',
    )
    .argument('[DIR]', 'folder with the main.ts or main.js that exports "app"', '.')
    .option('--stack <name>', 'of the program of Pulumi in DIR, with what Pulumi.<name>.yaml says')
    .option('-o, --output <folder>', 'where to write, relative to the working directory', 'dist')
    .option('--values <file>', 'late values by name, as JSON or YAML')
    .addHelpText('after', examples)
    .action(async (folder: string, options: SynthCommandOptions) => {
      const values = options.values === undefined ? {} : readLateValues(options.values);
      terminal.progress(`reading ${folder}`);
      const program =
        options.stack === undefined ? loadProgram(folder) : await pulumiApp(folder, options.stack);
      if (options.values !== undefined) warnOfUnused(terminal, options.values, values);
      terminal.progress('validating and synthesizing');
      report(terminal, await synthesize(program, { output: options.output, values }));
    });
}

interface SynthCommandOptions {
  readonly output: string;
  readonly stack?: string;
  readonly values?: string;
}

const examples = `
Examples:
  manara synth                                  main.ts of this folder, to dist/<site>/
  manara synth examples/uae-bank -o out         another folder, to out/<site>/
  manara synth --values stack-outputs.json      with what is known only after deployment
  manara synth --stack production               of a program of Pulumi, with that stack's configuration

Exit codes: 0 written, 1 refused or failed (nothing is written then), 2 wrong command line.
`;

function report(terminal: Terminal, { output, folders, files, removed }: Synthesis): void {
  const { bold, dim } = terminal.colors;
  const shown = shownPath(output);
  for (const { path, documents } of files) {
    terminal.print(
      `${join(shown, path)} ${dim(`${documents} object${documents === 1 ? '' : 's'}`)}`,
    );
  }
  for (const path of removed) terminal.print(`${join(shown, path)} ${dim('removed')}`);
  terminal.print();
  terminal.print(`Next: apply ${folders.length === 1 ? 'it' : 'each site to its own cluster'}`);
  for (const folder of folders) {
    terminal.print(`  ${bold(`kubectl apply -f ${join(shown, folder)}`)}`);
  }
}
