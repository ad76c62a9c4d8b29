import assert from 'node:assert/strict';
import type { SessionSignature } from '../../src/engine/ort-types';
import { parseModelConfig } from '../../src/repository/model-config';
import { requestSignature } from '../../src/repository/signature';

const session: SessionSignature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 20], symbols: ['n', undefined] }],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [1], symbols: [undefined] },
    { name: 'scores', datatype: 'FP32', shape: [-1, 2], symbols: ['n', undefined] },
  ],
};

function combine(text: string): ReturnType<typeof requestSignature> {
  return requestSignature('m', parseModelConfig(text, 'm'), session);
}

describe('requestSignature', () => {
  it("is the model's own where config.pbtxt says nothing", () => {
    assert.deepEqual(combine(''), { model: 'm', ...session, maxBatchSize: 0 });
  });

  it('puts the batch before the configured dims', () => {
    const { inputs, outputs, maxBatchSize } = combine(`max_batch_size: 4
input { name: "x" data_type: TYPE_FP32 dims: 20 }
output { name: "scores" data_type: TYPE_FP32 dims: 2 }`);
    assert.equal(maxBatchSize, 4);
    assert.deepEqual(inputs[0]?.shape, [-1, 20]);
    assert.deepEqual(
      outputs.map(({ name, shape }) => ({ name, shape })),
      [{ name: 'scores', shape: [-1, 2] }],
    );
  });

  it('lets the configuration fix what the model leaves open, and open an output', () => {
    const { inputs, outputs } = combine(`input { name: "x" data_type: TYPE_FP32 dims: [1, 20] }
output { name: "label" data_type: TYPE_INT64 dims: -1 }`);
    assert.deepEqual(inputs[0]?.shape, [1, 20]);
    assert.deepEqual(outputs[0]?.shape, [-1]);
  });

  const contradictions: readonly (readonly [string, string])[] = [
    [
      'input { name: "z" data_type: TYPE_FP32 dims: 1 }',
      'config.pbtxt line 1: the model has no input "z"; it has "x"',
    ],
    [
      '\ninput { name: "x" data_type: TYPE_FP64 dims: [-1, 20] }',
      'config.pbtxt line 2: input "x" is FP64 here and FP32 in the model',
    ],
    [
      'input { name: "x" data_type: TYPE_FP32 dims: [-1, 21] }',
      'config.pbtxt line 1: input "x" has shape [-1,21] here and [-1,20] in the model',
    ],
    [
      'input { name: "x" data_type: TYPE_FP32 dims: [-1, -1] }',
      'config.pbtxt line 1: input "x" has shape [-1,-1] here and [-1,20] in the model',
    ],
    [
      'output { name: "y" data_type: TYPE_FP32 dims: 1 }',
      'config.pbtxt line 1: the model has no output "y"; it has "label", "scores"',
    ],
  ];
  for (const [text, message] of contradictions) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => combine(text), { name: 'ModelConfigError', message });
    });
  }

  it('refuses max_batch_size where the first dimension is fixed', () => {
    const fixed = { ...session, inputs: [{ ...session.inputs[0]!, shape: [1, 20] }] };
    assert.throws(() => requestSignature('m', parseModelConfig('max_batch_size: 2', 'm'), fixed), {
      message:
        'max_batch_size is 2, but the first dimension of input "x" does not vary: the model declares [1,20]',
    });
  });

  it('refuses a configuration that leaves an input out', () => {
    const two = { ...session, inputs: [...session.inputs, { ...session.inputs[0]!, name: 'w' }] };
    const config = parseModelConfig('input { name: "x" data_type: TYPE_FP32 dims: [-1, 20] }', 'm');
    assert.throws(() => requestSignature('m', config, two), {
      message: 'config.pbtxt describes the inputs but leaves out "w"',
    });
  });
});
