import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultMinAccuracy, measures, type OptimizeOptions, quantizations } from '../optimize/job';
import { optimizeModel, refuseUnlessAccepted } from '../optimize/optimize-model';
import { formatReport, reportFile } from '../optimize/report';
import type { Terminal } from '../terminal';

/** `manara optimize`: a smaller, faster version of a model, if it answers as well. */
export function optimizeCommand(terminal: Terminal, environment: NodeJS.ProcessEnv): Command {
  return new Command('optimize')
    .summary('make a smaller, faster version of a model, if it answers as well')
    .description(
      "Optimize a model's graph, quantize its weights to int8 and prune them with onnxruntime's own tools, " +
        `measure accuracy and speed before and after, and write the next version of it with ${reportFile}.`,
    )
    .argument('<MODEL>', "the model's folder in a repository, with its versions below it")
    .requiredOption('--sample <file>', 'requests, one JSON object a line, with or without outputs')
    .option('--from <number>', 'version to begin with (default: the highest)', versionNumber)
    .addOption(
      new Option('--quantize <kind>', 'int8 weights; static takes ranges from --calibration')
        .choices([...quantizations])
        .default('dynamic'),
    )
    .option('--calibration <file>', 'requests, as in the sample, that static ranges are taken from')
    .option('--prune <share>', 'share of the smallest weights to set to zero', pruned, 0)
    .option('--no-graph', 'leave the graph as it is')
    .addOption(
      new Option('--measure <kind>', 'how answers are compared')
        .choices([...measures])
        .default('argmax'),
    )
    .option('--output <name>', 'output to compare (default: all that suit the measure)')
    .option('--min-accuracy <share>', `of argmax and equal (default: ${defaultMinAccuracy})`, share)
    .option('--max-error <number>', 'of absolute and relative', positive)
    .option('--allow-slower', 'write what turned out slower, too')
    .option('--seconds <number>', 'time to measure speed for', positive, 3)
    .option('--python <program>', 'Python 3.11 or later', 'python3')
    .option('--json', 'write the report as JSON')
    .addHelpText('after', examples)
    .action(async (folder: string, options: OptimizeOptions) => {
      const report = await optimizeModel(terminal, folder, options, environment);
      terminal.print(
        options.json === true ? JSON.stringify(report, null, 2) : formatReport(report),
      );
      refuseUnlessAccepted(report);
      if (report.speedup < 1) {
        terminal.warn(`version ${String(report.after.version)} is slower here than the one before`);
      }
      terminal.progress(`wrote version ${String(report.after.version)} of ${report.model}`);
    });
}

const examples = `
Examples:
  manara optimize models/ranker --sample ranker.jsonl
  manara optimize models/reader --sample sample.jsonl --quantize static --calibration others.jsonl
  manara optimize models/scorer --sample sample.jsonl --allow-slower
  manara optimize models/price --sample sample.jsonl --measure relative --max-error 0.01

Exit codes: 0 written, 1 refused or failed, 2 wrong command line.
`;

function versionNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1.');
}

function share(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('Expected a number from 0 to 1.');
}

function pruned(text: string): number {
  const number = share(text);
  if (number < 1) return number;
  throw new InvalidArgumentError('Expected less than 1: a model without weights answers nothing.');
}

function positive(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && number > 0 && number < Infinity) return number;
  throw new InvalidArgumentError('Expected a number above 0.');
}
