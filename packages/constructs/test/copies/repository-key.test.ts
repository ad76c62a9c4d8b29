import assert from 'node:assert/strict';
import { repositoryKey } from '../../src/copies/repository-key';

describe('repositoryKey', () => {
  it('reads the layout of a model repository', () => {
    assert.deepEqual(repositoryKey('fraud/2/model.onnx'), { model: 'fraud', version: 2 });
  });

  for (const key of [
    'model.onnx',
    'fraud/model.onnx',
    'fraud/0/model.onnx',
    'fraud/01/model.onnx',
    'fraud/v1/model.onnx',
    'fraud/1/weights.onnx',
    'team/fraud/1/model.onnx',
    'stats/1/model.onnx',
    '-fraud/1/model.onnx',
  ]) {
    it(`does not take ${key} for one`, () => {
      assert.equal(repositoryKey(key), undefined);
    });
  }
});
