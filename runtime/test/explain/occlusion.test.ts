import assert from 'node:assert/strict';
import { occlusion } from '../../src/explain/occlusion';
import { planWindows, type WindowOptions, type WindowPlan } from '../../src/explain/windows';
import { assertRefused } from '../support/errors';
import { FunctionEvaluation } from '../support/shapley';

const none: WindowOptions = {
  axes: undefined,
  window: undefined,
  stride: undefined,
  positions: undefined,
};

function plan(rowShape: readonly number[], options: Partial<WindowOptions> = {}): WindowPlan {
  return planWindows(rowShape, { ...none, ...options });
}

/** `from-to` along each dimension. */
function texts({ windows }: WindowPlan): string[] {
  return windows.map((window) => window.map(({ from, to }) => `${from}-${to}`).join(' '));
}

describe('planWindows', () => {
  it('takes elements one by one along one axis', () => {
    assert.deepEqual(texts(plan([3])), ['0-1', '1-2', '2-3']);
  });

  it('takes eighths along the axes of an image, wherever its channels are', () => {
    assert.equal(plan([16, 24]).windows.length, 64);
    assert.deepEqual(texts(plan([3, 16, 24]))[0], '0-3 0-2 0-3');
    assert.deepEqual(texts(plan([16, 24, 3]))[0], '0-2 0-3 0-3');
    assert.equal(texts(plan([16, 24, 3])).at(-1), '14-16 21-24 0-3');
  });

  it('cuts windows off at the end, and lets them overlap', () => {
    assert.deepEqual(texts(plan([5], { window: [2] })), ['0-2', '2-4', '4-5']);
    assert.deepEqual(texts(plan([4], { window: [3], stride: [2] })), ['0-3', '2-4']);
  });

  it('begins windows where it is told, and joins what they cover', () => {
    const { windows, covered } = plan([10], { window: [2], positions: [7, 1, 2] });
    assert.equal(windows.length, 3);
    assert.deepEqual(covered, [[{ from: 1, to: 4 }], [{ from: 7, to: 9 }]]);
    assert.deepEqual(plan([4, 6], { window: [2, 2] }).covered, [
      [
        { from: 0, to: 4 },
        { from: 0, to: 6 },
      ],
    ]);
  });

  it('refuses what makes no sense of the row', () => {
    const cases: readonly (readonly [readonly number[], Partial<WindowOptions>, RegExp])[] = [
      [[4, 4], { axes: [2] }, /"parameters.axes": expected dimensions of the row.*received 2/],
      [[4, 4], { axes: [1, 1] }, /each once, received 1,1/],
      [[5, 6, 7], {}, /"parameters.axes".*received nothing/],
      [[2, 3, 4, 5], {}, /"parameters.axes"/],
      [[], {}, /"parameters.axes"/],
      [[4, 4], { window: [2] }, /"parameters.window": expected one size for each axis/],
      [[4], { window: [5] }, /from 1 to 4, received 5/],
      [[4], { window: [0] }, /"parameters.window"/],
      [[4], { stride: [0] }, /"parameters.stride"/],
      [[4], { window: [2], stride: [3] }, /at most the window, 2: .*received 3/],
      [[4], { positions: [4] }, /"parameters.positions": expected places from 0 to 3, received 4/],
      [[4], { positions: [] }, /"parameters.positions"/],
      [[4, 4], { positions: [1] }, /several axes/],
      [
        [512, 512],
        { window: [1, 1] },
        /at most 65536 windows; choose larger ones, received 262144/,
      ],
    ];
    for (const [shape, options, message] of cases) {
      assertRefused(() => plan(shape, options), 'FIELD_INVALID', message);
    }
  });
});

describe('occlusion', () => {
  const row = Float64Array.of(1, 2, 3, 4);
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const task = (options: Partial<WindowOptions>, most?: number) => ({
    evaluation: new FunctionEvaluation(4, total, most),
    row,
    rowShape: [4],
    ...plan([4], options),
    baseline: 0,
    prediction: total(row),
  });

  it('gives what the output loses, the mean where windows overlap', async () => {
    const single = await occlusion(task({}));
    assert.deepEqual([...single.attributions], [1, 2, 3, 4]);
    assert.deepEqual([single.base, single.mode, single.complete], [0, 'exact', true]);
    const overlapping = await occlusion(task({ window: [2], stride: [1] }));
    // Windows lose 3, 5, 7 and, cut off, 4.
    assert.deepEqual([...overlapping.attributions], [3, 4, 6, 5.5]);
  });

  it('says what is known where time runs out', async () => {
    const early = await occlusion(task({}, 3));
    assert.deepEqual([...early.attributions], [1, 2, 0, 0]);
    assert.deepEqual([...early.known!], [1, 1, 0, 0]);
    assert.equal(early.complete, false);
    await assert.rejects(occlusion(task({}, 1)), { code: 'EXPLANATION_INCOMPLETE' });
  });

  it('refuses outputs that are no numbers', async () => {
    const evaluation = new FunctionEvaluation(4, () => NaN);
    await assert.rejects(occlusion({ ...task({}), evaluation }), {
      code: 'EXPLANATION_NOT_FINITE',
    });
  });
});
