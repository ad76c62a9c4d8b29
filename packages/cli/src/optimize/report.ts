import { formatTable } from '../table';
import type { Limit, OptimizeOptions } from './job';
import type { Figures, Optimized } from './optimizer';

/** File of the report, beside the model that it is about. */
export const reportFile = 'optimization.json';

/** One file before or after, as the report names it. */
export interface ReportedModel extends Figures {
  /** `null` for one that was not written. */
  readonly version: number | null;
  readonly sha256: string;
}

/** What was done to a model, and what came of it. */
export interface OptimizationReport {
  readonly model: string;
  readonly accepted: boolean;
  readonly steps: Optimized['steps'];
  readonly measure: {
    readonly kind: OptimizeOptions['measure'];
    readonly outputs: readonly string[];
    readonly reference: Optimized['reference'];
    readonly limit: Limit;
  };
  readonly sample: { readonly requests: number; readonly sha256: string };
  readonly before: ReportedModel;
  readonly after: ReportedModel & { readonly accuracy: number };
  /** Time before for time after, in one process and by turns: above 1 is faster. */
  readonly speedup: number;
  readonly rounds: number;
  readonly tools: Readonly<Record<string, string>>;
}

export function formatReport(report: OptimizationReport): string {
  const { measure, before, after } = report;
  const row = (name: string, { accuracy, micros, bytes, version }: ReportedModel) => [
    version === null ? name : `${name}, version ${version}`,
    accuracy === null ? 'reference' : figure(accuracy),
    `${figure(micros)} µs`,
    `${bytes}`,
  ];
  return [
    ...formatTable(
      ['', measureTitles[measure.kind], 'a request, one thread', 'bytes'],
      [row('before', before), row('after', after)],
    ),
    '',
    `${figure(report.speedup)} times as fast, by turns in one process (${report.rounds} rounds of ${report.sample.requests} requests)`,
    `steps: ${report.steps.map(({ step }) => step).join(', ')}; compared: ${measure.outputs.join(', ')}, with ${references[measure.reference]}`,
  ].join('\n');
}

export function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

const measureTitles = {
  argmax: 'same likeliest class',
  equal: 'equal values',
  absolute: 'greatest error',
  relative: 'greatest relative error',
} as const;

const references = {
  sample: 'what the sample expects',
  original: 'what the original answers',
} as const;
