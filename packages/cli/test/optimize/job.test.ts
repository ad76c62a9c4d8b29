import assert from 'node:assert/strict';
import { UsageError } from '../../src/cli-error';
import { keeps, limitOf, type OptimizeOptions } from '../../src/optimize/job';

const plain: OptimizeOptions = {
  sample: 's',
  quantize: 'dynamic',
  prune: 0,
  graph: true,
  measure: 'argmax',
  seconds: 1,
  python: 'python3',
};

describe('limitOf', () => {
  it('is 0.99 of equal answers where nothing is said', () => {
    assert.deepEqual(limitOf(plain), { kind: 'least', share: 0.99 });
    assert.deepEqual(limitOf({ ...plain, measure: 'equal', minAccuracy: 0.5 }), {
      kind: 'least',
      share: 0.5,
    });
  });

  it('is the greatest error of a regression', () => {
    const options = { ...plain, measure: 'relative', maxError: 0.01 } as const;
    assert.deepEqual(limitOf(options), { kind: 'greatest', error: 0.01 });
  });

  const refused: readonly (readonly [Partial<OptimizeOptions>, RegExp])[] = [
    [
      { measure: 'absolute' },
      /--measure absolute is of errors: expected --max-error, received none/,
    ],
    [
      { measure: 'absolute', maxError: 1, minAccuracy: 1 },
      /expected --max-error, received --min-accuracy/,
    ],
    [{ maxError: 1 }, /--max-error is for --measure absolute and relative; with argmax give/],
    [{ quantize: 'static' }, /--quantize static needs --calibration FILE/],
    [{ calibration: 'c' }, /--calibration is for --quantize static; received --quantize dynamic/],
    [{ quantize: 'none', graph: false }, /nothing to do/],
  ];
  for (const [options, message] of refused) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => limitOf({ ...plain, ...options }),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

describe('keeps', () => {
  it('takes what is as good as the limit, and no number never', () => {
    const least = { kind: 'least', share: 0.99 } as const;
    const greatest = { kind: 'greatest', error: 0.1 } as const;
    assert.deepEqual(
      [0.99, 1, 0.98, NaN].map((x) => keeps(least, x)),
      [true, true, false, false],
    );
    assert.deepEqual(
      [0.1, 0, 0.11, NaN, Infinity].map((x) => keeps(greatest, x)),
      [true, true, false, false, false],
    );
  });
});
