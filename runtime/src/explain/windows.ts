import { errors } from '../errors';
import { limits } from './limits';
import type { Window } from './occlusion';

export interface WindowOptions {
  /** Dimensions of the row along which windows move; along the others a window takes all. */
  readonly axes: readonly number[] | undefined;
  /** Sizes along the axes. @default - along one axis 1, along several an eighth */
  readonly window: readonly number[] | undefined;
  /** Steps along the axes. @default - the window: side by side */
  readonly stride: readonly number[] | undefined;
  /** Where windows begin, along one axis only. @default - everywhere, by the stride */
  readonly positions: readonly number[] | undefined;
}

export interface WindowPlan {
  readonly windows: readonly Window[];
  readonly covered: readonly Window[];
}

/** Greatest size of a dimension that is taken for an image's channels. */
const mostChannels = 4;

/**
 * The windows that occlusion covers in turn; those at the end are cut off there.
 *
 * @throws ServingError FIELD_INVALID naming the parameter.
 */
export function planWindows(rowShape: readonly number[], options: WindowOptions): WindowPlan {
  const axes = axesOf(rowShape, options.axes);
  const sizes = axes.map((axis) => rowShape[axis] ?? 1);
  const window = perAxis('window', options.window, sizes, (size) =>
    axes.length === 1 ? 1 : Math.max(1, Math.ceil(size / 8)),
  );
  const stride = perAxis('stride', options.stride, sizes, (_, i) => window[i] ?? 1);
  for (const [i, step] of stride.entries()) {
    if (step <= (window[i] ?? 0)) continue;
    const expected = `at most the window, ${window.join(',')}: what lies between two windows would never be covered`;
    throw errors.fieldInvalid('parameters.stride', stride.join(','), expected);
  }
  const starts = startsOf(sizes, stride, options.positions);
  const count = starts.reduce((product, along) => product * along.length, 1);
  if (count > limits.windows) {
    const expected = `such that there are at most ${limits.windows} windows; choose larger ones`;
    throw errors.fieldInvalid('parameters.stride', `${count} windows`, expected);
  }
  let windows: Window[] = [rowShape.map((to) => ({ from: 0, to }))];
  for (const [i, axis] of axes.entries()) {
    const ranges = (starts[i] ?? []).map((from) => ({
      from,
      to: Math.min(from + (window[i] ?? 1), sizes[i] ?? 1),
    }));
    windows = windows.flatMap((base) => ranges.map((range) => base.with(axis, range)));
  }
  return {
    windows,
    covered: options.positions === undefined ? whole(rowShape) : merged(windows, axes[0] ?? 0),
  };
}

function whole(rowShape: readonly number[]): readonly Window[] {
  return [rowShape.map((to) => ({ from: 0, to }))];
}

function axesOf(
  rowShape: readonly number[],
  asked: readonly number[] | undefined,
): readonly number[] {
  const axes = asked ?? guessedAxes(rowShape);
  const isFine =
    axes !== undefined &&
    axes.length > 0 &&
    axes.every((axis, i) => axis < rowShape.length && axes.indexOf(axis) === i);
  if (isFine) return axes;
  throw errors.fieldInvalid(
    'parameters.axes',
    axes === undefined ? 'nothing' : axes.join(','),
    `dimensions of the row, whose shape is [${rowShape.join(',')}], counted from 0, each once`,
  );
}

/** A line, a grey image, or an image with its channels first or last. */
function guessedAxes(rowShape: readonly number[]): readonly number[] | undefined {
  if (rowShape.length === 1) return [0];
  if (rowShape.length === 2) return [0, 1];
  if (rowShape.length !== 3) return undefined;
  const [first = 0, , last = 0] = rowShape;
  if (first <= mostChannels) return [1, 2];
  return last <= mostChannels ? [0, 1] : undefined;
}

function perAxis(
  name: string,
  asked: readonly number[] | undefined,
  sizes: readonly number[],
  fallback: (size: number, i: number) => number,
): readonly number[] {
  if (asked === undefined) return sizes.map(fallback);
  const isFine =
    asked.length === sizes.length && asked.every((n, i) => n > 0 && n <= (sizes[i] ?? 0));
  if (isFine) return asked;
  const expected = `one size for each axis, from 1 to ${sizes.join(' and ')}`;
  throw errors.fieldInvalid(`parameters.${name}`, asked.join(','), expected);
}

function startsOf(
  sizes: readonly number[],
  stride: readonly number[],
  positions: readonly number[] | undefined,
): readonly (readonly number[])[] {
  if (positions === undefined) {
    return sizes.map((size, i) =>
      Array.from(
        { length: Math.ceil(size / (stride[i] ?? 1)) },
        (_, step) => step * (stride[i] ?? 1),
      ),
    );
  }
  const [size = 0] = sizes;
  if (sizes.length === 1 && positions.length > 0 && positions.every((at) => at < size)) {
    return [positions];
  }
  const expected =
    sizes.length === 1
      ? `places from 0 to ${size - 1}`
      : 'nothing: windows move along several axes';
  throw errors.fieldInvalid('parameters.positions', positions.slice(0, 20).join(','), expected);
}

/** Windows along one axis joined where they overlap. */
function merged(windows: readonly Window[], axis: number): readonly Window[] {
  const along = (window: Window): Window[number] => window[axis] ?? { from: 0, to: 0 };
  const joined: Window[] = [];
  for (const window of windows.toSorted((a, b) => along(a).from - along(b).from)) {
    const last = joined.at(-1);
    if (last === undefined || along(window).from > along(last).to) {
      joined.push(window);
      continue;
    }
    const to = Math.max(along(last).to, along(window).to);
    joined.splice(-1, 1, last.with(axis, { from: along(last).from, to }));
  }
  return joined;
}
