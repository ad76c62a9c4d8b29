import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFile } from '@manara/contract';
import { CliError, messageOf, UsageError } from '../cli-error';
import type { Terminal } from '../terminal';
import { keeps, leastSpeedup, type Limit, limitOf, type OptimizeOptions } from './job';
import { ModelFolder } from './model-folder';
import { type Optimized, runOptimizer } from './optimizer';
import { optimizerPython } from './python';
import { type OptimizationReport, reportFile } from './report';

/**
 * Optimizes a version of a model. What keeps the limit becomes the model's next version, with its report
 * beside it; what does not is not written.
 *
 * @throws UsageError for options, a folder or a file that cannot be meant; CliError where the tools fail
 */
export async function optimizeModel(
  terminal: Terminal,
  folder: string,
  options: OptimizeOptions,
  environment: NodeJS.ProcessEnv,
): Promise<OptimizationReport> {
  const limit = limitOf(options);
  const model = new ModelFolder(folder);
  const source = model.source(options.from);
  const sample = { sha256: digest(readSample(options.sample)) };
  if (options.calibration !== undefined) readSample(options.calibration);
  const python = optimizerPython(terminal, options.python, environment);
  return model.stage(async (staging) => {
    const work = join(staging, 'work');
    const whole = join(staging, 'whole');
    for (const made of [work, whole]) mkdirSync(made);
    const target = join(work, modelFile);
    const found = await runOptimizer(terminal, python, options, { source: source.file, target });
    const bytes = readFileSync(target);
    const speedup = found.before.micros / found.after.micros;
    const isFastEnough = speedup >= leastSpeedup || options.allowSlower === true;
    const report: OptimizationReport = {
      model: model.name,
      accepted: keeps(limit, found.after.accuracy) && isFastEnough,
      steps: found.steps,
      measure: measureOf(found, options, limit),
      sample: { requests: found.requests, ...sample },
      before: {
        version: source.version,
        sha256: digest(readFileSync(source.file)),
        ...found.before,
      },
      after: { version: null, sha256: digest(bytes), ...found.after },
      speedup,
      rounds: found.rounds,
      tools: found.tools,
    };
    if (!report.accepted) return report;
    writeFileSync(join(whole, modelFile), bytes, { flush: true });
    const placed = (version: number) => ({ ...report, after: { ...report.after, version } });
    const version = model.place(whole, (number) => {
      const text = `${JSON.stringify(placed(number), null, 2)}\n`;
      writeFileSync(join(whole, reportFile), text, { flush: true });
    });
    return placed(version);
  });
}

function measureOf(
  { outputs, reference }: Optimized,
  { measure: kind }: OptimizeOptions,
  limit: Limit,
): OptimizationReport['measure'] {
  return { kind, outputs, reference, limit };
}

function readSample(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`the sample cannot be read: ${messageOf(error)}`);
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @throws CliError for a model that was refused */
export function refuseUnlessAccepted(report: OptimizationReport): void {
  const { accepted, measure, after, speedup } = report;
  if (accepted) return;
  const { limit } = measure;
  if (keeps(limit, after.accuracy)) {
    throw new CliError(
      `refused, and nothing was written: it is ${speedup.toFixed(2)} times as fast as the one before, which is slower; --allow-slower writes it all the same, for its size`,
    );
  }
  const [expected, flag] =
    limit.kind === 'least'
      ? [`at least ${limit.share}`, '--min-accuracy']
      : [`at most ${limit.error}`, '--max-error'];
  throw new CliError(
    `refused, and nothing was written: expected ${expected} of ${measure.kind} (${flag}), received ${after.accuracy}; try another --quantize, a smaller --prune, or none`,
  );
}
