import assert from 'node:assert/strict';
import { probe } from '../../src/engine/probe';
import { addConstant, identity, perceptron, slow } from '../support/models';
import { onnxFile } from '../support/onnx';
import { TemporaryRepository } from '../support/temporary';

/** One operator over all rows at once. */
function overRows(op: string): Uint8Array {
  return onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', dims: ['n', 3] }],
    outputs: [{ name: 'y', datatype: 'FP32', dims: ['n', 3] }],
    nodes: [
      { op, inputs: ['x', 'axes'], outputs: ['all'] },
      { op: 'Sub', inputs: ['x', 'all'], outputs: ['y'] },
    ],
    weights: [{ name: 'axes', dims: [1], data: BigInt64Array.of(0n) }],
  });
}

describe('findTraits', () => {
  const repository = new TemporaryRepository();
  let count = 0;
  const traitsOf = async (model: Uint8Array) =>
    (await probe(repository.add('m', ++count, model))).traits;
  after(() => {
    repository.remove();
  });

  it('sees that rows are kept apart, and that a small model is quick', async () => {
    const { keepsRowsApart, quickRows } = await traitsOf(perceptron());
    assert.equal(keepsRowsApart, true);
    assert.ok(quickRows >= 1, String(quickRows));
    assert.equal((await traitsOf(addConstant(1))).keepsRowsApart, true);
  });

  it('sees that a row has its neighbours in its answer', async () => {
    assert.equal((await traitsOf(overRows('ReduceSum'))).keepsRowsApart, false);
  });

  it('says nothing of a model whose first dimension is fixed', async () => {
    assert.equal((await traitsOf(slow(1))).keepsRowsApart, undefined);
  });

  it('never calls quick what takes as long as its callers wish', async () => {
    assert.equal((await traitsOf(identity('BYTES'))).quickRows, 0);
    assert.equal((await traitsOf(identity('FP32', ['n', 'm']))).quickRows, 0);
    assert.equal((await traitsOf(identity('FP16'))).quickRows, 0);
  });
});
