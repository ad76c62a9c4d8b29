import assert from 'node:assert/strict';
import { NonsenseError, readInputs, readOutputs } from '../../src/drill/tensors';

const output = { name: 'y', datatype: 'FP32', shape: [1, 2], data: [[0.5, 1]] };
const answer = (fields: object): string =>
  JSON.stringify({ model_version: '2', outputs: [output], ...fields });

describe('readOutputs', () => {
  it('flattens nested data', () => {
    assert.deepEqual(readOutputs(answer({}), 2), [{ ...output, data: [0.5, 1] }]);
  });

  for (const [text, fault] of [
    ['<html>', /^no JSON: Unexpected token/],
    ['[]', 'the answer: expected an object, received []'],
    [answer({ outputs: undefined }), 'outputs: expected a list, received nothing'],
    [answer({ outputs: [null] }), 'tensor 0: expected an object, received null'],
    [answer({ model_version: '1' }), 'model_version: expected 2, received "1"'],
    [answer({ outputs: [{ ...output, name: 1 }] }), 'tensor 0: has no name'],
    [answer({ outputs: [{ ...output, datatype: 'F' }] }), 'tensor "y": unknown datatype "F"'],
    [answer({ outputs: [{ ...output, shape: 'wide' }] }), 'tensor "y": shape "wide" is none'],
    [
      answer({ outputs: [{ ...output, data: [1] }] }),
      'output "y": expected 2 elements, received 1',
    ],
    [
      answer({ outputs: [{ ...output, data: [1, null] }] }),
      'output "y": expected 2 elements, received no list of them',
    ],
  ] as const) {
    it(`says what is wrong with ${text}`, () => {
      assert.throws(() => readOutputs(text, 2), { name: NonsenseError.name, message: fault });
    });
  }
});

describe('readInputs', () => {
  it('reads the metadata of a model', () => {
    const inputs = [{ name: 'x', datatype: 'INT64', shape: [-1, 3] }];
    assert.deepEqual(readInputs(JSON.stringify({ inputs })), inputs);
  });
});
