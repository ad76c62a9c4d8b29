import assert from 'node:assert/strict';
import type { ModelSignature } from '@manara/contract';
import { canBatch, fullDims, tritonSignature } from '../../../src/engines/triton/triton-tensor';

const signature: ModelSignature = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 20] }],
  outputs: [{ name: 'label', datatype: 'INT64', shape: [-1] }],
};

describe('canBatch', () => {
  it('asks for a first dimension that varies, of every tensor', () => {
    assert.equal(canBatch(signature), true);
    const fixed = { name: 'y', datatype: 'FP32', shape: [1, 20] } as const;
    assert.equal(canBatch({ ...signature, outputs: [fixed] }), false);
    assert.equal(canBatch({ ...signature, inputs: [] }), false);
    assert.equal(canBatch({ ...signature, inputs: [{ ...fixed, shape: [] }] }), false);
  });
});

describe('tritonSignature', () => {
  it('leaves the batch to Triton, and gives a tensor without dimensions one', () => {
    const { inputs, outputs } = tritonSignature(signature, true);
    assert.deepEqual(inputs, [{ name: 'x', datatype: 'FP32', dims: [20], isScalar: false }]);
    assert.deepEqual(outputs, [{ name: 'label', datatype: 'INT64', dims: [1], isScalar: true }]);
    assert.deepEqual(
      outputs.map((tensor) => fullDims(tensor, true)),
      [[-1, 1]],
    );
  });

  it('keeps all dimensions of a model that does not batch', () => {
    const { inputs, outputs } = tritonSignature(signature, false);
    assert.deepEqual(
      [...inputs, ...outputs].map(({ dims }) => dims),
      [[-1, 20], [-1]],
    );
  });

  it('refuses an empty dimension', () => {
    const empty = {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 0] }],
      outputs: [],
    } as const;
    assert.throws(() => tritonSignature(empty, true), /"x" has shape \[-1,0\]/);
  });
});
