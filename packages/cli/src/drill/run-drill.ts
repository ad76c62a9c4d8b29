import { UsageError } from '../cli-error';
import { onStopAsked } from '../dev/stop-asked';
import type { Trees } from '../read-trees';
import type { Terminal } from '../terminal';
import { type AddressOf, parseAddress } from './address';
import { drillReport, type DrillReport } from './drill-report';
import { exercise } from './exercise';
import type { Exercise } from './exercise-found';
import { type EndpointInspection, inspect } from './inspect';
import { drilledStacks, type DrilledStack } from './plan';
import { readSamples } from './samples';
import { parseTargets } from './targets';

export interface DrillOptions {
  readonly site?: readonly string[];
  readonly sample?: readonly string[];
  readonly requests: number;
  readonly name?: string;
  readonly lose?: string;
  readonly restore?: string;
  /** Seconds. */
  readonly wait?: number;
}

/** A site that is to be taken away. */
interface PlannedLoss {
  readonly name: AddressOf;
  readonly lose: string;
  readonly restore: string;
  readonly wait?: number;
}

/**
 * Drills every stack of a program. A site is taken away only where everything held before.
 *
 * @throws UsageError for options that contradict each other or the tree; CliError where there is nothing to
 * drill, or the exercise cannot begin
 */
export async function runDrill(
  terminal: Terminal,
  trees: Trees,
  options: DrillOptions,
): Promise<readonly DrillReport[]> {
  const loss = plannedLoss(options);
  const stacks = drilledStacks(trees);
  if (loss !== undefined && stacks.length > 1) {
    const names = stacks.map(({ stack }) => stack.node.path).join(', ');
    throw new UsageError(`--lose: expected one stack, whose first site is lost; received ${names}`);
  }
  const targets = parseTargets(options.site ?? [], stacks);
  const samples = readSamples(options.sample ?? [], stacks);
  const reports: DrillReport[] = [];
  for (const drilled of stacks) {
    const startedAt = new Date();
    terminal.progress(`asking the sites of ${drilled.stack.node.path}`);
    const inspections = await inspect(drilled, { targets, samples, requests: options.requests });
    const holds = inspections.every(({ checks }) => checks.every((c) => c.verdict !== 'failed'));
    const exercised =
      loss === undefined || !holds
        ? undefined
        : await runExercise(terminal, drilled, inspections, loss);
    reports.push(drillReport(drilled, startedAt, inspections, exercised));
  }
  return reports;
}

function plannedLoss({ name, lose, restore, wait }: DrillOptions): PlannedLoss | undefined {
  if (name !== undefined && lose !== undefined && restore !== undefined) {
    const base = { name: parseAddress('--name', name), lose, restore };
    return wait === undefined ? base : { ...base, wait };
  }
  const given = { '--name': name, '--lose': lose, '--restore': restore };
  const missing = Object.entries(given).filter(([, value]) => value === undefined);
  if (missing.length === 3 && wait === undefined) return undefined;
  throw new UsageError(
    `--name, --lose, --restore: expected all three, or none and no --wait; missing ${missing.map(([flag]) => flag).join(', ')}`,
  );
}

async function runExercise(
  terminal: Terminal,
  { stack }: DrilledStack,
  inspections: readonly EndpointInspection[],
  { wait, ...loss }: PlannedLoss,
): Promise<Exercise> {
  const stopping = new AbortController();
  const hurrying = new AbortController();
  const endListening = onStopAsked(() => {
    if (stopping.signal.aborted) hurrying.abort();
    terminal.progress('asked to stop; what was taken away is brought back first');
    stopping.abort();
  });
  try {
    return await exercise({
      ...loss,
      stack,
      inspections,
      waitSeconds: wait ?? 2 * stack.recovery.time.toSeconds(),
      stopped: stopping.signal,
      hurried: hurrying.signal,
      onProgress: (what) => {
        terminal.progress(what);
      },
      onOutput: (text) => {
        terminal.raw(text);
      },
    });
  } finally {
    endListening();
  }
}
