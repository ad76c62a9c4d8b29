import assert from 'node:assert/strict';
import { incompatibility } from '../../src/fallback/compatible';
import type { RequestSignature } from '../../src/protocol/validate';

function signature(
  input: readonly number[],
  output: readonly number[],
  { x = 'x', datatype = 'FP32' as const, maxBatchSize = 0 } = {},
): RequestSignature {
  const tensor = (name: string, shape: readonly number[]) => ({
    name,
    datatype,
    shape,
    symbols: [],
  });
  return { model: '', inputs: [tensor(x, input)], outputs: [tensor('y', output)], maxBatchSize };
}

describe('incompatibility', () => {
  const asked = signature([-1, 20], [-1, 2]);
  const cases: readonly (readonly [string, RequestSignature, string | undefined])[] = [
    ['the same', asked, undefined],
    ['one that takes more', signature([-1, -1], [-1, 2]), undefined],
    [
      'one whose outputs vary where those asked for do not',
      signature([-1, 20], [-1, -1]),
      undefined,
    ],
    [
      'one that takes less',
      signature([1, 20], [-1, 2]),
      'its input "x" is FP32 [1,20], which does not take FP32 [-1,20]',
    ],
    [
      'one of another rank',
      signature([-1, 20, 1], [-1, 2]),
      'its input "x" is FP32 [-1,20,1], which does not take FP32 [-1,20]',
    ],
    ['one with another input', signature([-1, 20], [-1, 2], { x: 'z' }), 'it has no input "x"'],
    [
      'one that needs more',
      { ...asked, inputs: [...asked.inputs, { ...asked.inputs[0]!, name: 'more' }] },
      'it needs an input "more"',
    ],
    ['one that gives less', { ...asked, outputs: [] }, 'it has no output "y"'],
    [
      'one that gives another shape',
      signature([-1, 20], [-1, 3]),
      'its output "y" is FP32 [-1,3]; expected FP32 [-1,2]',
    ],
  ];
  for (const [name, standIn, expected] of cases) {
    it(`of ${name} is ${expected ?? 'none'}`, () => {
      assert.equal(incompatibility(asked, standIn), expected);
    });
  }

  it('holds max_batch_size against that of the model', () => {
    const large = signature([-1], [-1], { maxBatchSize: 8 });
    const small = signature([-1], [-1], { maxBatchSize: 4 });
    assert.equal(incompatibility(large, small), 'its max_batch_size is 4, less than 8');
    assert.equal(incompatibility(small, large), undefined);
  });
});
