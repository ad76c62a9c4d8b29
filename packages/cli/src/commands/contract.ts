import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { apiContracts } from '@manara/constructs';
import { Command } from 'commander';
import { CliError } from '../cli-error';
import { serverPackage } from '../dev/server-binary';
import { loadProgram, type Program } from '../load-program';
import { pulumiApp } from '../pulumi-program';
import { shownPath } from '../shown-path';
import { type OutputFile, writeFiles } from '../synth/write-files';
import type { Terminal } from '../terminal';
import { validated } from '../validated';

/** `manara contract`: what callers program against. */
export function contractCommand(terminal: Terminal): Command {
  return new Command('contract')
    .summary('write the OpenAPI document of every endpoint and gateway')
    .description(
      'Write what callers program against: an OpenAPI document of every endpoint and of every gateway, ' +
        'made from the signatures of their models, and the protobuf files of gRPC.',
    )
    .argument('[DIR]', 'folder with the main.ts or main.js that exports "app"', '.')
    .option('--stack <name>', 'of the program of Pulumi in DIR, with what Pulumi.<name>.yaml says')
    .option(
      '-o, --output <folder>',
      'where to write, relative to the working directory',
      'contract',
    )
    .addHelpText('after', examples)
    .action(async (folder: string, { output, stack }: ContractCommandOptions) => {
      terminal.progress(`reading ${folder}`);
      const program = stack === undefined ? loadProgram(folder) : await pulumiApp(folder, stack);
      const files = [...openApiFiles(program), ...protobufFiles(program.folder)];
      const target = resolve(output);
      await writeFiles(target, program.folder, files);
      for (const { path } of files) terminal.print(join(shownPath(target), path));
    });
}

interface ContractCommandOptions {
  readonly output: string;
  readonly stack?: string;
}

const examples = `
Examples:
  manara contract                               main.ts of this folder, to contract/
  manara contract examples/uae-bank -o api      another folder, to api/

Exit codes: 0 written, 1 refused or failed (nothing is written then), 2 wrong command line.
`;

function openApiFiles(program: Program): readonly OutputFile[] {
  const contracts = validated(program, () => apiContracts(program.app));
  if (contracts.length === 0) {
    throw new CliError(`${program.file}: the tree holds no ModelEndpoint, so there is no contract`);
  }
  return contracts.map(({ path, document }) => ({
    path: `openapi/${path}`,
    text: `${JSON.stringify(document, null, 2)}\n`,
  }));
}

/** The server's own, where it is installed. */
function protobufFiles(folder: string): readonly OutputFile[] {
  const manifest = serverPackage(folder);
  if (manifest === undefined) return [];
  const protos = join(dirname(manifest), 'proto');
  return ['grpc_service.proto', 'model_config.proto', 'explanation.proto'].map((name) => ({
    path: `protobuf/${name}`,
    text: readFileSync(join(protos, name), 'utf8'),
  }));
}
