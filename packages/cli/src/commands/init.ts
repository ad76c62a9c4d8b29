import { Command } from 'commander';
import { installLines } from '../init/install-lines';
import { writeStarter } from '../init/write-starter';
import type { Terminal } from '../terminal';
import { packageRoot } from '../version';

/** `manara init`: a starter project. */
export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .summary('write a starter project')
    .description(
      'Write a starter project: one site, one endpoint and a small model to serve. ' +
        'No file that is there is overwritten.',
    )
    .argument('[DIR]', 'folder to write it to; made if need be', '.')
    .addHelpText('after', examples)
    .action((folder: string) => {
      for (const file of writeStarter(folder)) terminal.print(file);
      const { bold } = terminal.colors;
      terminal.print();
      terminal.print('Next:');
      if (folder !== '.') terminal.print(`  ${bold(`cd ${folder}`)}`);
      for (const line of installLines(packageRoot)) terminal.print(`  ${bold(line)}`);
      terminal.print(
        `  ${bold('npm run check')}    types: a sink outside the zone does not compile`,
      );
      terminal.print(
        `  ${bold('npm run audit')}    every data flow, and whether the rules allow it`,
      );
      terminal.print(`  ${bold('npm run synth')}    Kubernetes YAML, to dist/`);
      terminal.print(`  ${bold('npm run dev')}      the endpoint, on this machine`);
    });
}

const examples = `
Examples:
  manara init shop                              into a new folder
  manara init                                   into this one

Exit codes: 0 written, 1 a file is in the way or cannot be written, 2 wrong command line.
`;
