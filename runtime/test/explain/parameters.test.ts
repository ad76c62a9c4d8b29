import assert from 'node:assert/strict';
import { readParameters } from '../../src/explain/parameters';
import { assertRefused } from '../support/errors';

describe('readParameters', () => {
  it('has a default for the seed and the deadline only', () => {
    const { seed, deadlineMillis, ...rest } = readParameters({ binary_data_output: true });
    assert.deepEqual([seed, deadlineMillis], [0, 30_000]);
    assert.deepEqual(new Set(Object.values(rest)), new Set([undefined]));
  });

  it('reads lists of numbers and ranges', () => {
    const read = readParameters({
      axes: '1, 2',
      window: 3,
      positions: '1-3,7',
      groups: '0-2;5;4,3',
      baseline: -0.5,
      method: 'occlusion',
    });
    assert.deepEqual(read.axes, [1, 2]);
    assert.deepEqual(read.window, [3]);
    assert.deepEqual(read.positions, [1, 2, 3, 7]);
    assert.deepEqual(read.groups, [[0, 1, 2], [5], [4, 3]]);
    assert.equal(read.baseline, -0.5);
  });

  it('refuses everything else by name', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['method', 'shap'],
      ['method', 1],
      ['input', 1],
      ['target', -1],
      ['target', 1.5],
      ['target', '1'],
      ['link', 'log'],
      ['seed', -1],
      ['seed', 2 ** 53],
      ['seed', NaN],
      ['budget', 0],
      ['budget', 1_000_001],
      ['deadline_ms', 600_001],
      ['deadline_ms', null],
      ['baseline', '1'],
      ['baseline', Infinity],
      ['groups', ''],
      ['groups', '1;;2'],
      ['groups', '3-1'],
      ['groups', [1]],
      ['groups', '0-1048575;0-1'],
      ['axes', '0,1,2,3,4,5,6,7,8'],
      ['window', '-1'],
      ['window', 1.5],
      ['window', true],
      ['positions', '0-65536'],
      ['positions', '9'.repeat(400)],
    ];
    for (const [name, value] of cases) {
      assertRefused(
        () => readParameters({ [name]: value }),
        'FIELD_INVALID',
        new RegExp(`^Field "parameters.${name}": expected `),
      );
    }
    assertRefused(() => readParameters({ x: 1 }), 'FIELD_INVALID', /received "x"/);
  });
});
