import { UsageError } from '../cli-error';

/** How answers are compared: shares of equal ones, or the greatest error. */
export const measures = ['argmax', 'equal', 'absolute', 'relative'] as const;
export type Measure = (typeof measures)[number];

export const quantizations = ['dynamic', 'static', 'none'] as const;
export type Quantization = (typeof quantizations)[number];

/** What the command line says. */
export interface OptimizeOptions {
  readonly sample: string;
  /** Version to begin with. */
  readonly from?: number;
  readonly quantize: Quantization;
  readonly calibration?: string;
  /** Share of each matrix's weights that become zero, from 0 to below 1. */
  readonly prune: number;
  readonly graph: boolean;
  readonly measure: Measure;
  readonly output?: string;
  readonly minAccuracy?: number;
  readonly maxError?: number;
  /** Whether what is slower than before may become a version. @default false */
  readonly allowSlower?: true;
  /** Time that speed is measured for. */
  readonly seconds: number;
  readonly python: string;
  readonly json?: true;
}

/** What an optimized model must not fall below, or above. */
export type Limit =
  | { readonly kind: 'least'; readonly share: number }
  | { readonly kind: 'greatest'; readonly error: number };

/** Share of answers that may not change, where the command line says nothing. */
export const defaultMinAccuracy = 0.99;

/**
 * The limit that the options set.
 *
 * @throws UsageError for options that do not fit each other
 */
export function limitOf(options: OptimizeOptions): Limit {
  const { measure, quantize, calibration, prune, graph, minAccuracy, maxError } = options;
  if (quantize === 'none' && prune === 0 && !graph) {
    throw new UsageError('nothing to do: --quantize none, --no-graph and no --prune were given');
  }
  if (quantize === 'static' && calibration === undefined) {
    throw new UsageError(
      '--quantize static needs --calibration FILE: requests like those of the sample, but others, to choose the ranges by',
    );
  }
  if (quantize !== 'static' && calibration !== undefined) {
    throw new UsageError(`--calibration is for --quantize static; received --quantize ${quantize}`);
  }
  if (measure === 'argmax' || measure === 'equal') {
    if (maxError !== undefined) {
      throw new UsageError(
        `--max-error is for --measure absolute and relative; with ${measure} give --min-accuracy`,
      );
    }
    return { kind: 'least', share: minAccuracy ?? defaultMinAccuracy };
  }
  if (minAccuracy !== undefined || maxError === undefined) {
    throw new UsageError(
      `--measure ${measure} is of errors: expected --max-error, received ${minAccuracy === undefined ? 'none' : '--min-accuracy'}`,
    );
  }
  return { kind: 'greatest', error: maxError };
}

/** Below this share of the speed before, a version is slower; nearer to 1, two runs of one model differ. */
export const leastSpeedup = 0.95;

/** Whether a figure keeps the limit. No number never does. */
export function keeps(limit: Limit, figure: number): boolean {
  return limit.kind === 'least' ? figure >= limit.share : figure <= limit.error;
}
