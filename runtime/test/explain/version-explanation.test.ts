import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  applicable,
  fitExplanation,
  readVersionExplanation,
} from '../../src/explain/version-explanation';
import type { RequestSignature } from '../../src/protocol/validate';
import { TemporaryRepository } from '../support/temporary';

const signature: RequestSignature = {
  model: 'm',
  inputs: [{ name: 'x', datatype: 'INT8', shape: [-1, 3], symbols: ['n', undefined] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2], symbols: ['n', undefined] }],
  maxBatchSize: 0,
};

describe('explain.json', () => {
  const folder = new TemporaryRepository();
  after(() => {
    folder.remove();
  });

  it('is fitted to the model: names to places, rows to its type, weights to shares', () => {
    const { background, groups } = fitExplanation(signature, {
      features: ['a', 'b', 'c'],
      groups: [{ name: 'ends', features: ['a', 2] }],
      background: {
        rows: [
          [1, 2, 3],
          [-4, 5, 6],
        ],
        weights: [1, 3],
      },
    });
    assert.deepEqual(groups, [{ name: 'ends', elements: [0, 2] }]);
    assert.deepEqual(background, { data: Int8Array.of(1, 2, 3, -4, 5, 6), weights: [0.25, 0.75] });
  });

  it('says which input it is about where there are several', () => {
    const two = {
      ...signature,
      inputs: [...signature.inputs, { ...signature.inputs[0]!, name: 'z' }],
    };
    assert.throws(() => fitExplanation(two, { features: ['a', 'b', 'c'] }), {
      message: 'input: the model has several; say which one the rest is about, of "x", "z"',
    });
    assert.equal(fitExplanation(two, { method: 'occlusion' }).input, undefined);
    const ofX = fitExplanation(two, {
      input: 'x',
      features: ['a', 'b', 'c'],
      output: 'y',
      target: 1,
    });
    assert.deepEqual(applicable(ofX, 'z', 'y')?.description, { target: 1 });
    assert.equal(applicable(ofX, 'x', 'other')?.description.target, undefined);
    assert.deepEqual(applicable(ofX, 'x', 'y')?.description, ofX.description);
  });

  it('is nothing where there is no file', async () => {
    assert.equal(
      await readVersionExplanation(join(folder.folder, 'none.json'), signature),
      undefined,
    );
  });

  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{', /^explain\.json: .*JSON/],
    [
      'an unknown key',
      '{"fetures": []}',
      /^explain\.json: fetures: unknown key; expected one of method, input, /,
    ],
    [
      'a method that there is none of',
      '{"method": "lime"}',
      /method: expected one of "kernel_shap", "permutation", "occlusion", received "lime"/,
    ],
    [
      'too few names',
      '{"features": ["a"]}',
      /there are 1 names; a row of input "x" \[-1,3\] has 3 elements/,
    ],
    ['a name twice', '{"features": ["a", "a", "b"]}', /features: a name stands twice/],
    [
      'an input that there is none of',
      '{"input": "z"}',
      /input: the model has no input "z"; it has "x"/,
    ],
    [
      'an output that there is none of',
      '{"output": "z"}',
      /the model has no output "z"; it has "y"/,
    ],
    [
      'a group of an unknown name',
      '{"features": ["a","b","c"], "groups": [{"name": "g", "features": ["d"]}]}',
      /groups: "g" holds "d", which "features" does not name/,
    ],
    [
      'a group beyond the row',
      '{"groups": [{"name": "g", "features": [3]}]}',
      /group 0 holds element 3; the row has 3/,
    ],
    [
      'a row too short',
      '{"background": {"rows": [[1,2,3],[1,2]]}}',
      /background\.rows\.1: it has 2 elements; expected 3/,
    ],
    [
      'a number that the type has not',
      '{"background": {"rows": [[1,2,300]]}}',
      /background\.rows\.0\.2: 300 is no INT8, which input "x" takes/,
    ],
    [
      'a weight too few',
      '{"background": {"rows": [[1,2,3],[1,2,3]], "weights": [1]}}',
      /background\.weights: there are 1 for 2 rows/,
    ],
    [
      'a weight of nothing',
      '{"background": {"rows": [[1,2,3]], "weights": [0]}}',
      /background\.weights\.0: expected/,
    ],
    [
      'too many rows',
      `{"background": {"rows": [${'[1,2,3],'.repeat(4096)}[1,2,3]]}}`,
      /there are 4097; at most 4096 are taken/,
    ],
    [
      'too many bytes',
      ' '.repeat(1024 * 1024 + 1),
      /it has 1048577 bytes; at most 1048576 are read/,
    ],
  ];
  for (const [what, text, message] of cases) {
    it(`is refused for ${what}`, async () => {
      const file = folder.write('explain.json', text);
      await assert.rejects(readVersionExplanation(file, signature), { message });
    });
  }

  it('is refused where it is no file', async () => {
    const path = join(folder.folder, 'folder.json');
    mkdirSync(path);
    await assert.rejects(readVersionExplanation(path, signature), {
      message: 'explain.json cannot be read: it is not a file',
    });
  });
});
