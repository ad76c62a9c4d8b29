import { errors } from '../errors';
import { copy, fill, type Numbers } from './elements';
import type { Evaluation } from './evaluation';
import type { Explanation } from './explanation';

/** A part of the row that is covered at once: along each of its dimensions from … up to and without …. */
export type Window = readonly { readonly from: number; readonly to: number }[];

export interface OcclusionTask {
  readonly evaluation: Evaluation;
  readonly row: Numbers;
  readonly rowShape: readonly number[];
  readonly windows: readonly Window[];
  /** The elements of all windows together, in windows that do not overlap. */
  readonly covered: readonly Window[];
  /** What stands in for covered elements, as the row keeps elements. */
  readonly baseline: number | bigint;
  /** The model's output for the row. */
  readonly prediction: number;
}

/** Rows that occlusion runs besides one a window: the row itself, and the row with all of them covered. */
export const rowsBesideWindows = 2;

/**
 * Occlusion: what the output loses where a window of the row is covered, shared by each of the window's
 * elements; where windows overlap, the mean of theirs. The values need not add up to what covering all
 * windows loses: the additivity error says how far they are from it.
 *
 * Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2;
 * the mean over overlapping windows as in Captum's `Occlusion`.
 *
 * @throws ServingError EXPLANATION_INCOMPLETE where time ran out before the first window.
 */
export async function occlusion(task: OcclusionTask): Promise<Explanation> {
  const { evaluation, row, rowShape, windows, covered, baseline, prediction } = task;
  const cover = (window: Window, into: Numbers, at: number): void => {
    forEachRun(rowShape, window, (start, count) => {
      fill(into, baseline, at + start, count);
    });
  };
  let base = NaN;
  const sums = new Float64Array(row.length);
  const covers = new Uint32Array(row.length);
  const ran = await evaluation.rows(
    1 + windows.length,
    (index, into, at) => {
      copy(row, 0, row.length, into, at);
      for (const window of index === 0 ? covered : windows.slice(index - 1, index)) {
        cover(window, into, at);
      }
    },
    (index, value) => {
      if (!Number.isFinite(value)) throw errors.explanationNotFinite(String(value));
      if (index === 0) base = value;
      for (const window of windows.slice(Math.max(0, index - 1), index)) {
        forEachRun(rowShape, window, (start, count) => {
          for (let element = start; element < start + count; element++) {
            sums[element] = (sums[element] ?? 0) + prediction - value;
            covers[element] = (covers[element] ?? 0) + 1;
          }
        });
      }
    },
  );
  if (ran < 2) throw errors.explanationIncomplete('not one window was evaluated');
  const complete = ran === 1 + windows.length;
  return {
    attributions: sums.map((sum, element) => sum / Math.max(1, covers[element] ?? 0)),
    standardErrors: undefined,
    ...(complete ? {} : { known: Uint8Array.from(covers, (count) => Number(count > 0)) }),
    base,
    prediction,
    mode: 'exact',
    complete,
  };
}

/** Visits a window's elements as runs that lie side by side. */
function forEachRun(
  shape: readonly number[],
  window: Window,
  visit: (start: number, count: number) => void,
  dimension = 0,
  start = 0,
): void {
  const { from, to } = window[dimension] ?? { from: 0, to: 1 };
  const at = start * (shape[dimension] ?? 1);
  if (dimension >= shape.length - 1) {
    visit(at + from, to - from);
    return;
  }
  for (let i = from; i < to; i++) forEachRun(shape, window, visit, dimension + 1, at + i);
}
